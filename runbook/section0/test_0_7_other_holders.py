"""Step 0.7."""

from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step
from fixtures.verify.preflight import Preflight


@step("0.7", "Who else holds these certificates")
def test_other_holders(cvp: CvpHost, preflight: Preflight) -> None:
    """The holders outside the trust table (CUBE, SIP trunks, VRU PG ...) that the inventory names.

    Before a server's certificates change, a person confirms that each holder has the new ones (step 1.4.iii).
    """
    preflight(cvp, "0.7")
