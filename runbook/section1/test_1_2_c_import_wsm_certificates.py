"""Step 1.2.c."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("1.2.c", "Import the CVP servers' WSM certificates")
def test_import_wsm_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import each CVP and CVP reporting server's WSM certificate, under its FQDN, into the trust store's staged copy.

    A certificate that its server still presents is kept beside the new one, so that no trust is lost before the server
    changes. Verified by reading the staged copy back.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
