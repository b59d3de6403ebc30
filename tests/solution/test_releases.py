"""A release with two stores on an ADS, and with a keystore password that only its own program prints: 15.0(1)."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from tests.runbook.conftest import verify
from tests.runbook.probes import Trust, anchors_in_use, leaf
from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SECOND, site_lab

ICM_STORE, JAVA_STORE = "", SECOND["15.0(1)"]


def test_wsm_certificates_go_into_both_stores_of_an_ads_with_one_restart(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=DUO.replace('"12.5(1)"', '"15.0(1)"')) as lab:
        done = runbook(lab, tmp_path / "out", "--change=R1")

        assert done.exit_code == 0, done.output
        wsm, iis = (leaf(*lab.endpoint(*place)) for place in ((CVP, "wsm"), (ADS, "iis")))
        for store in (ICM_STORE, JAVA_STORE):
            assert lab.trusted(ADS, store)[CVP] == wsm
            trust = Trust(ADS, "Tomcat9", CVP, "wsm", store)
            assert hashlib.sha256(wsm).hexdigest() in (anchors_in_use(lab, trust) or ())
        assert lab.trusted(ADS, ICM_STORE)[f"{ADS}_iis"] == iis
        assert f"{ADS}_iis" not in lab.trusted(ADS, JAVA_STORE)
        assert set(Counter(lab.restarts()).values()) == {1}
        assert list(dict.fromkeys(host for host, _ in lab.restarts())) == ["awa", "cvpa"]
        night = verify(lab, tmp_path / "out")
        assert night.exit_code == 0, night.output
