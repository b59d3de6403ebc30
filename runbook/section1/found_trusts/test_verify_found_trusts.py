"""Verification of section 1: trusts found on this site."""

from fixtures.hosts.managed import ManagedServer
from fixtures.site import Site
from fixtures.tables.steps import step
from fixtures.verify.found.discovery import Discovery
from fixtures.verify.found.verification import verify_found


@step("v1.found", "Verify the trusts found on this site")
def test_verify_found_trusts(server: ManagedServer, site: Site, discovery: Discovery) -> None:
    """The server's stores are searched for certificates of every server of this site, under any alias.

    Each trust that the table does not have is judged like those of the table: the entry is what the other server
    presents now, and the service that uses the store started after its last write. A trust list of a node, or a store
    that no step writes, must not hold an older certificate of a CVP server alone.
    """
    verify_found(site, discovery, server)
