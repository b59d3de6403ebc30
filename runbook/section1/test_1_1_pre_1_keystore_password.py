"""Step 1.1.pre.1."""

from fixtures.actions.perform import Perform
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.pre.1", "Read the keystore password")
def test_keystore_password(cvp: CvpHost, perform: Perform) -> None:
    """`Security.keystorePW` in the file security.properties; since 12.6(2) DecryptKeystoreUtil.bat prints it.

    The password itself is not kept as evidence, only that it was found.
    """
    perform(cvp.read_keystore_password())
    assert cvp.store_password
