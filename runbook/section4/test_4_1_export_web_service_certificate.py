"""Step 4.1."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.exports import export_certificate


@step("4.1", "Export the web service's certificate")
def test_export_web_service_certificate(exporter: Endpoint) -> None:
    """The certificate that the endpoint presents, compared with the inventory's fingerprint or CA file.

    The runbook cannot log in there.
    """
    export_certificate(exporter, "web")
