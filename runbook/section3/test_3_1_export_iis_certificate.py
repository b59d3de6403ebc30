"""Step 3.1."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.exports import export_certificate


@step("3.1", "Export the IIS certificate")
def test_export_iis_certificate(exporter: Endpoint) -> None:
    """The certificate that port 443 presents, confirmed by the certificates that Windows has bound to its ports."""
    export_certificate(exporter, "IIS")
