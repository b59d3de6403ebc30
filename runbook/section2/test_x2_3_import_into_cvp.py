"""Step x2.3."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("x2.3", "Import Cloud Connect and VVB certificates on CVP")
def test_import_into_cvp(importer: WindowsHost, perform: Perform) -> None:
    """Their tomcat certificates, under their FQDN, into the staged copy; read back; live with 1.4.iii."""
    perform(importer.imports_of("x2.3").commands(), unless=importer.imports_of("x2.3").already)
    importer.staged_evidence()
    judge(importer.imports_of("x2.3").violations())
