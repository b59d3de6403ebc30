"""Step 1.3."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.exports import export_certificate


@step("1.3", "Export the ADS server's IIS certificate")
def test_export_iis_certificate(exporter: Endpoint) -> None:
    """The certificate that port 443 presents, confirmed by the certificates that Windows has bound to its ports."""
    export_certificate(exporter, "IIS")
