"""Step 4.2."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("4.2", "Import the web services' certificates on CVP")
def test_import_web_service_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Into the staged copy of the store that vxmlserver is told to read: `.keystore`, else cacerts of CVP's own JRE.

    A self-signed certificate stands under its FQDN, else each certificate of the CA file under its own name. Read back;
    live with 1.4.iii.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
