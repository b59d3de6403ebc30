"""Step 3.3."""

from checks.violation import judge
from fixtures.actions.imports import Imports
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("3.3", "Import the IIS and Diagnostic Framework certificates")
def test_import_iis_and_dfp_certificates(importer: StoreHost, imports: Imports, perform: Perform) -> None:
    """Import those of every Rogger, Router, Logger, HDS, PG, ADS (its own included) and ECE into the staged copy.

    Each server has two aliases, {fqdn}_IIS and {fqdn}_DFP, because an alias holds one certificate. The copy is read
    back, and goes live in step 1.2.d.
    """
    perform(imports.commands(), unless=imports.already)
    importer.main.staged_evidence()
    judge(imports.violations())
