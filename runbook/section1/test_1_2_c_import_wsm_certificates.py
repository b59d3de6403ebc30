"""Step 1.2.c."""

from checks.violation import judge
from fixtures.hosts.ads import AdsHost
from fixtures.perform import Perform
from fixtures.steps import step


@step("1.2.c", "Import the CVP servers' WSM certificates")
def test_import_wsm_certificates(ads: AdsHost, perform: Perform) -> None:
    """Every CVP and CVP reporting server's WSM certificate, under its FQDN, into the staged copy of the trust store.

    A certificate that its server still presents is kept beside the new one, so that no trust is lost before the server
    changes. Judged by reading the staged copy back.
    """
    perform(ads.imports.commands(), unless=ads.imports.already)
    ads.staged_evidence()
    judge(ads.imports.violations())
