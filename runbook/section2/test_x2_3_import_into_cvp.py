"""Step x2.3."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x2.3", "Import Cloud Connect and VVB certificates on CVP")
def test_import_into_cvp(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import their tomcat certificates, under their FQDNs, into the staged copy.

    The copy is read back, and goes live in step 1.4.iii.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
