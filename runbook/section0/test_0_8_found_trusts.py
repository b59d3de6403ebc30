"""Step 0.8."""

from fixtures.hosts.managed import ManagedServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.8", "Find every store that trusts a certificate which will change")
def test_found_trusts(server: ManagedServer, preflight: Preflight) -> None:
    """The server's Java stores, its machine stores, or a node's trust lists are searched for what this change replaces.

    The same fingerprint, or key and subject, makes a trust. A trust that is found here and is not in the trust table is
    given the new certificate too (steps x1.5 and x1.6), under whatever alias. For a node's list, another store that no
    step writes, or one that cannot be read, a person confirms before step 1.4.iii.
    """
    preflight(server, "0.8")
