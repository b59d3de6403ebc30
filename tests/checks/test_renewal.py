"""The certificates that step 1.1.iii has made, judged by the policy and by what was asked for."""

from __future__ import annotations

import pytest

from checks.keystore import Entries
from checks.renewal import Request, pair_violations, renewal_violations
from checks.x509.certificate import Policy
from tests.checks.made import FQDN, certificate, own, store, trusted

WANTED = certificate()
OLD = certificate(kind="other", days=400)
SHORT = certificate(kind="other", days=300)
OTHERS = certificate("cvp1b.example.com", dns=(FQDN,))
REQUEST = Request(
    f"CN={FQDN}, O=Example", frozenset({("CN", FQDN), ("O", "Example")}), Policy(minimum_days_left=1), 1095
)
CASES: dict[str, tuple[Entries, Entries | None, list[tuple[str, str]]]] = {
    "as it was asked for": (store(own("vxml", WANTED)), store(own("vxml", OLD)), []),
    "no entry": (store(), store(), [("entry", "none")]),
    "a trusted certificate in its place": (store(trusted("vxml", WANTED)), store(), [("entry", "trustedCertEntry")]),
    "it was there before: nobody asked for it": (store(own("vxml", OLD)), store(own("vxml", OLD)), []),
    "nothing is known of before": (store(own("vxml", OLD)), None, []),
    "another validity": (store(own("vxml", SHORT)), store(own("vxml", OLD)), [("validity", "300 days")]),
    "another subject": (
        store(own("vxml", OTHERS)),
        store(own("vxml", OLD)),
        [("subject", OTHERS.subject)],
    ),
}


@pytest.mark.parametrize("entries, before, found", CASES.values(), ids=CASES)
def test_a_made_certificate_is_judged(entries: Entries, before: Entries | None, found: list[tuple[str, str]]) -> None:
    told = renewal_violations(FQDN, ["vxml"], entries, before, REQUEST)
    assert [(one.property, one.found) for one in told] == found


def test_one_pair_stands_under_both_aliases() -> None:
    one = store(own("vxml", WANTED), own("callserver", WANTED))
    two = store(own("vxml", WANTED), own("callserver", OLD))
    assert pair_violations(FQDN, one, "callserver", "vxml") == []
    (found,) = pair_violations(FQDN, two, "callserver", "vxml")
    assert (found.subject, found.property) == ("callserver", "key pair")
