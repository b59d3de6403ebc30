"""Step 1.4.ii."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("1.4.ii", "Import the ADS servers' IIS certificates")
def test_import_iis_certificates(importer: WindowsHost, perform: Perform) -> None:
    """Every ADS server's IIS certificate, under its FQDN, into the staged copy of the keystore; read back."""
    perform(importer.imports_of("1.4.ii").commands(), unless=importer.imports_of("1.4.ii").already)
    importer.staged_evidence()
    judge(importer.imports_of("1.4.ii").violations())
