"""Step r.2."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.hosts.store_host import WindowsHost
from fixtures.tables.steps import step


@step("r.2", "Importers trust the old certificates again")
def test_trust_old_certificates_again(keeper: WindowsHost, perform: Perform) -> None:
    """Where a server no longer trusts what another will go back to, that certificate is given to it first."""
    perform(keeper.way_back.give_back_trust(), unless=keeper.way_back.trust_given_back)
    judge(keeper.way_back.lost_trust_violations())
