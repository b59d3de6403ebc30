"""Step x4.3."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x4.3", "Import the web services' certificates in Call Studio")
def test_import_into_call_studio(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import them into the staged copy of Call Studio's cacerts, for debugging call flows, and read the copy back."""
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
