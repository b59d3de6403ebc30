"""Step x3.4."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x3.4", "Import the ADS servers' IIS certificates on Roggers")
def test_import_iis_certificates_on_roggers(importer: WindowsHost, perform: Perform) -> None:
    """Every ADS server's IIS certificate, into the staged copy of the server's trust store; read back."""
    perform(importer.imports_of("x3.4").commands(), unless=importer.imports_of("x3.4").already)
    importer.staged_evidence()
    judge(importer.imports_of("x3.4").violations())
