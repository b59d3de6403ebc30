"""Step 0.8."""

from fixtures.hosts.windows_server import WindowsServer
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.8", "Find every store that trusts a certificate which will change")
def test_found_trusts(windows: WindowsServer, preflight: Preflight) -> None:
    """The server's Java stores, and its machine stores, are searched for the certificates that this change makes anew.

    The same fingerprint, or key and subject, makes a trust. A trust that is found here and is not in the trust table is
    given the new certificate too (step x1.5), under whatever alias. For a machine store, which no step writes, or a
    store that cannot be read, a person confirms before step 1.4.iii.
    """
    preflight(windows, "0.8")
