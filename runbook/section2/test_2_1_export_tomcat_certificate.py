"""Step 2.1."""

from fixtures.hosts.endpoint import Endpoint
from fixtures.tables.steps import step
from fixtures.verify.exports import export_certificate


@step("2.1", "Export the tomcat certificate")
def test_export_tomcat_certificate(exporter: Endpoint) -> None:
    """The certificate that port 8443 presents, confirmed by the node over SSH (or by the inventory's fingerprint).

    A second, ECDSA certificate on that port is exported too if the node confirms it; otherwise it is only reported.
    """
    export_certificate(exporter, "tomcat")
