"""Step x1.5."""

from checks.violation import judge
from fixtures.actions.found.imports import FoundTrusts
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("x1.5", "Bring new certificates to stores that trust the old ones outside the trust table")
def test_import_into_found_stores(keeper: StoreHost, found_trusts: FoundTrusts, perform: Perform) -> None:
    """For each trust that step 0.8 has found, the new certificate is imported under the alias of the old one.

    It goes into the staged copy and is read back. The old one is kept as `{alias}_old` until its server presents the
    new one; step x5.1 removes it.
    """
    perform(found_trusts.commands(), unless=found_trusts.already)
    judge(found_trusts.violations())
