"""Verification of section 5: SPOG's own word."""

from fixtures.hosts.spog import Spog
from fixtures.site import Site
from fixtures.tables.steps import step
from fixtures.verify.spog import ask_after


@step("v5.spog", "Ask SPOG whether it reaches every server")
def test_verify_spog(spog: Spog, site: Site) -> None:
    """Each machine that SPOG reached before the change (connection, credentials, name) is one that it reaches now."""
    ask_after(site, spog)
