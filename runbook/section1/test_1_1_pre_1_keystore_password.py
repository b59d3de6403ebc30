"""Step 1.1.pre.1."""

from fixtures.hosts.cvp import CvpHost
from fixtures.perform import Perform
from fixtures.steps import step


@step("1.1.pre.1", "Read the keystore password")
def test_keystore_password(cvp: CvpHost, perform: Perform) -> None:
    """`Security.keystorePW` in `conf\\security.properties`. It never appears in the evidence: only that it was found."""
    perform(cvp.read_keystore_password())
    assert cvp.store_password
