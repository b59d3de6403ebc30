"""Step 1.1.i."""

from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.hosts.cvp import CvpHost
from fixtures.parsers.keytool import parse_listing
from fixtures.tables.steps import step


@step("1.1.i", "List the certificates of the keystore")
def test_list_certificates(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """Record the entries of the keystore before anything changes."""
    (listing,) = perform(renewal.list_keystore())
    assert parse_listing(listing.stdout)
