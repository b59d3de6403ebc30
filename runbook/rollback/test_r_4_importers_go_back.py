"""Step r.4."""

from checks.violation import judge
from fixtures.hosts.ads import AdsHost
from fixtures.perform import Perform
from fixtures.steps import step


@step("r.4", "ADS servers' trust stores return")
def test_importers_go_back(ads: AdsHost, perform: Perform) -> None:
    """The trust store returns to its bytes from before the change, then Tomcat restarts; the principal comes last."""
    perform(ads.rollback.restore(), unless=ads.rollback.restored)
    judge(ads.rollback.violations())
