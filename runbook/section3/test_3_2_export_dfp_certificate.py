"""Step 3.2."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.exports import export_certificate


@step("3.2", "Export the Diagnostic Framework certificate")
def test_export_dfp_certificate(exporter: Endpoint) -> None:
    """The certificate that port 7890 presents, confirmed by the certificates that Windows has bound to its ports."""
    export_certificate(exporter, "DFP")
