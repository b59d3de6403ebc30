"""Step x1.2.c."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x1.2.c", "Import the WSM certificates into the Java home's own trust store")
def test_import_wsm_certificates_into_java_home(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import them into that store's staged copy: since 12.6(2) it must hold them as the ICM's own trust store does.

    Verified by reading the staged copy back.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
