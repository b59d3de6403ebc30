"""Step x3.4."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x3.4", "Import the ADS servers' IIS certificates on Roggers")
def test_import_iis_certificates_on_roggers(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import each ADS server's IIS certificate into the staged copy of the Rogger's trust store, and read it back."""
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
