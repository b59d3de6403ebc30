"""Step 2.2."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("2.2", "Import the VOS nodes' tomcat certificates")
def test_import_tomcat_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Every node's tomcat certificate, publishers and subscribers, under its FQDN; into the staged copy.

    A second, ECDSA certificate stands under the FQDN with `_ec` behind it.
    Where a certificate is signed by a CA, the CA's certificates are imported in its place. Read back; live with 1.2.d.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
