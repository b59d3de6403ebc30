"""Step r.2."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.rollback.host import HostRollback
from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step


@step("r.2", "Importers trust the old certificates again")
def test_trust_old_certificates_again(keeper: StoreHost, rollback: HostRollback, perform: Perform) -> None:
    """Before an exporter is rolled back, its old certificate is imported where it was trusted and no longer is."""
    perform(rollback.give_back_trust(), unless=rollback.trust_given_back)
    judge(rollback.lost_trust_violations())
