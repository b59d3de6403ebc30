"""Step 2.2."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("2.2", "Import the VOS nodes' tomcat certificates")
def test_import_tomcat_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import the tomcat certificate of each node, publisher or subscriber, under its FQDN, into the staged copy.

    A second, ECDSA certificate gets the alias FQDN followed by `_ec`. If a certificate is signed by a CA, the CA's
    certificates are imported in its place. The copy is read back, and goes live in step 1.2.d.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
