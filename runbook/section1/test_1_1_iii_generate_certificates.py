"""Step 1.1.iii."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.iii", "Generate new self-signed certificates with the server's FQDN")
def test_generate_certificates(cvp: CvpHost, perform: Perform) -> None:
    """RSA 2048, SHA256withRSA, the subject and validity of the inventory, the FQDN as common name and DNS name.

    Judged by reading the staged copy back: subject, names, key, signature and validity are exactly what was asked for,
    and no other entry has changed.
    """
    perform(cvp.renew_certificates(), unless=cvp.certificates_renewed)
    cvp.staged_evidence()
    judge(cvp.renewal_violations())
