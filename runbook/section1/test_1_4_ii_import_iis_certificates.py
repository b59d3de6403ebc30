"""Step 1.4.i and 1.4.ii."""

from checks.violation import judge
from fixtures.hosts.cvp import CvpHost
from fixtures.perform import Perform
from fixtures.steps import step


@step("1.4.ii", "Import the ADS servers' IIS certificates")
def test_import_iis_certificates(cvp: CvpHost, perform: Perform) -> None:
    """Every ADS server's IIS certificate, under its FQDN, into the staged copy of the keystore; read back."""
    perform(cvp.imports.commands(), unless=cvp.imports.already)
    cvp.staged_evidence()
    judge(cvp.imports.violations())
