"""Step 1.1.ii."""

from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.ii", "Delete the old self-signed certificates")
def test_delete_old_certificates(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """Delete them from the staged copy only; certificates that need no renewal stay."""
    perform(renewal.delete_old_certificates(), unless=renewal.old_certificates_deleted)
    assert renewal.old_certificates_deleted() == frozenset(cvp.own_aliases)
