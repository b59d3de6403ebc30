"""Step 4.2."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("4.2", "Import the web services' certificates on CVP")
def test_import_web_service_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import them into the staged copy of the store that vxmlserver reads: `.keystore`, else cacerts of CVP's own JRE.

    The alias of a self-signed certificate is its server's FQDN; of a CA file, each certificate is imported under its
    own name. The copy is read back, and goes live in step 1.4.iii.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
