"""Verification of section 1: what others present who hold certificates of this site."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.watched import verify_watched


@step("v1.watched", "Verify what other holders of certificates present")
def test_verify_watched(watched: Endpoint) -> None:
    """The certificate that a gateway or proxy presents is read, and must not expire soon (`watch:` in the inventory).

    Nobody logs in there, so whom it trusts is confirmed by a person.
    """
    verify_watched(watched)
