"""Step 0.8."""

from fixtures.hosts.store_host import StoreHost
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.8", "Find every store that trusts a certificate which will change")
def test_found_trusts(keeper: StoreHost, preflight: Preflight) -> None:
    """The server's stores are searched for the certificates that this change makes anew, under whatever alias.

    The same fingerprint or the same key makes a trust. A trust that is found here and is not in the trust table is
    given the new certificate too (step x1.5). A store that cannot be read stops nothing: a person confirms before step
    1.4.iii.
    """
    preflight(keeper, "0.8")
