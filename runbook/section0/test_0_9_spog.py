"""Step 0.9."""

from fixtures.hosts.spog import Spog
from fixtures.site import Site
from fixtures.tables.steps import step
from fixtures.verify.spog import ask_before


@step("0.9", "Ask SPOG which servers it reaches")
def test_spog(spog: Spog, site: Site) -> None:
    """SPOG's own word on every machine: connection, credentials, name. Where the inventory gives an administrator.

    It is noted before the first change of the site, and is the evidence "before".
    """
    ask_before(site, spog)
