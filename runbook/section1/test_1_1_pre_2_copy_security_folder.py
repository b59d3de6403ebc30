"""Step 1.1.pre.2."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.pre.2", "Copy the folder conf\\security")
def test_copy_security_folder(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """Copy the folder, as it is before the change, into this change's own folder; the copy is never overwritten.

    Only Administrators and SYSTEM may read it. The staged copy of the keystore, which the next steps edit, is placed
    beside it: the live keystore stays unchanged until step 1.4.iii.
    """
    perform(renewal.copy_security_folder(), unless=renewal.security_folder_copied)
    judge(renewal.copy_violations())
