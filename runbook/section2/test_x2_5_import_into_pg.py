"""Step x2.5."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x2.5", "Import the CUCM publisher's certificate on PGs")
def test_import_into_pg(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import it into the staged copy, and read it back: PGs that talk to CUCM need it to download the JTAPI client."""
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
