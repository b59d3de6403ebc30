"""Step 1.1.iv."""

from fixtures.actions.perform import Perform
from fixtures.actions.renewal import Renewal
from fixtures.evidence import When
from fixtures.hosts.cvp import CvpHost
from fixtures.tables.steps import step


@step("1.1.iv", "Export the WSM certificate")
def test_export_wsm_certificate(cvp: CvpHost, renewal: Renewal, perform: Perform) -> None:
    """Export the certificate that the ADS servers must trust into the evidence, under the documents' file name."""
    exported = perform(renewal.export_wsm_certificate(), unless=renewal.nothing_staged)
    certificate = cvp.certificate_to_trust("WSM")
    assert all(certificate.pem.strip() in answer.stdout.replace("\r\n", "\n") for answer in exported)
    cvp.certificate_evidence("wsm_certificate", When.AFTER, certificate, cvp.file_name("WSM"))
