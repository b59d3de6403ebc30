"""Step 1.4.ii."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("1.4.ii", "Import the ADS servers' IIS certificates")
def test_import_iis_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import each ADS server's IIS certificate, under its FQDN, into the keystore's staged copy, and read it back."""
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
