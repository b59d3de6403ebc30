"""Step 4.2."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("4.2", "Import the web services' certificates on CVP")
def test_import_web_service_certificates(importer: WindowsHost, perform: Perform) -> None:
    """Into the staged copy of the store that vxmlserver is told to read: `.keystore`, else cacerts of CVP's own JRE.

    A self-signed certificate stands under its FQDN, else each certificate of the CA file under its own name. Read back;
    live with 1.4.iii.
    """
    perform(importer.imports_of("4.2").commands(), unless=importer.imports_of("4.2").already)
    importer.staged_evidence()
    judge(importer.imports_of("4.2").violations())
