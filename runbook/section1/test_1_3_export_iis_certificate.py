"""Step 1.3."""

from fixtures.evidence import When
from fixtures.hosts.ads import AdsHost
from fixtures.steps import step


@step("1.3", "Export the ADS server's IIS certificate")
def test_export_iis_certificate(ads: AdsHost) -> None:
    """What port 443 presents, confirmed by the certificates that Windows has bound to its ports."""
    certificate = ads.certificate_to_trust("IIS")
    ads.certificate_evidence("IIS", When.AFTER, certificate, ads.site.file_name(ads, "IIS"))
    assert certificate == ads.leaf("IIS")
