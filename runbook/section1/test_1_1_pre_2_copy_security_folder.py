"""Step 1.1.pre.2."""

from checks.violation import judge
from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.pre.2", "Copy the folder conf\\security")
def test_copy_security_folder(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """The copy from before lies in a folder of this change and is never overwritten.

    Only Administrators and SYSTEM may read it. Beside it lies the staged copy of the keystore, which the next steps
    edit: the live keystore stays as it is until step 1.4.iii.
    """
    perform(renewal.copy_security_folder(), unless=renewal.security_folder_copied)
    judge(renewal.copy_violations())
