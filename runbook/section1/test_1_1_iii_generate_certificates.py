"""Step 1.1.iii."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.iii", "Generate new self-signed certificates with the server's FQDN")
def test_generate_certificates(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """RSA 2048, SHA256withRSA, subject and validity from the inventory, the FQDN as common name and DNS name.

    Verified by reading the staged copy back: subject, names, key, signature and validity are exactly as requested, and
    no other entry has changed.
    """
    perform(renewal.renew_certificates(), unless=renewal.certificates_renewed)
    cvp.main.staged_evidence()
    judge(renewal.renewal_violations())
