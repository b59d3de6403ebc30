"""Step 3.2."""

from fixtures.exports import export_certificate
from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step


@step("3.2", "Export the Diagnostic Framework certificate")
def test_export_dfp_certificate(exporter: Endpoint) -> None:
    """What port 7890 presents, confirmed by the certificates that Windows has bound to its ports."""
    export_certificate(exporter, "DFP")
