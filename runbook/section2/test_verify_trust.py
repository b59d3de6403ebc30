"""Verification of section 2: trust."""

from fixtures.hosts.managed import ManagedServer
from fixtures.site import Site
from fixtures.tables.steps import step
from fixtures.verify.trust import verify_trust


@step("v2.trust", "Verify the trust that section 2 brings")
def test_verify_trust(importer: ManagedServer, site: Site) -> None:
    """Every certificate this server must trust is in its store under the documented alias.

    The other server presents it now, to this machine and to the keytool of a Windows importer, and the service that
    uses the store was started after the store's last write.
    """
    verify_trust(site, importer, "2")
