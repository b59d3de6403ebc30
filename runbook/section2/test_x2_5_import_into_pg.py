"""Step x2.5."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x2.5", "Import the CUCM publisher's certificate on PGs")
def test_import_into_pg(importer: WindowsHost, perform: Perform) -> None:
    """PGs that talk to CUCM need it for the download of the JTAPI client; into the staged copy; read back."""
    perform(importer.imports_of("x2.5").commands(), unless=importer.imports_of("x2.5").already)
    importer.staged_evidence()
    judge(importer.imports_of("x2.5").violations())
