"""Step x4.3."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x4.3", "Import the web services' certificates in Call Studio")
def test_import_into_call_studio(importer: WindowsHost, perform: Perform) -> None:
    """The same into the staged copy of cacerts of Call Studio's JRE, for debugging call flows; read back."""
    perform(importer.imports_of("x4.3").commands(), unless=importer.imports_of("x4.3").already)
    importer.staged_evidence()
    judge(importer.imports_of("x4.3").violations())
