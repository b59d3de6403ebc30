"""A section run alone on a solution that has exchanged nothing: it works, or says what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.runbook.probes import Trust
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO, SiteLab, site_lab
from tests.runbook.whole import section_2, section_3, section_4, whole
from tests.solution.watched import untrusting

_NODES = "username: administrator}}", "username: administrator}, vos: {username: administrator}}"
SITE = DUO.replace(*_NODES) + (
    "  - {fqdn: rgra.duo.example, role: rogger, side: A}\n"
    "  - {fqdn: pg1a.duo.example, role: pg, side: A, cucm_pg: true}\n"
    "  - {fqdn: studio.duo.example, role: call_studio, side: A}\n"
    "  - {fqdn: ucmpub.duo.example, role: cucm, node: publisher}\n"
    "  - {fqdn: cc1.duo.example, role: cloud_connect, node: publisher}\n"
    "web_services: [{fqdn: tickets.duo.example, port: 443, signed_by: self}]\n"
)
WITH_VVB = DUO.replace(*_NODES) + "  - {fqdn: vvba.duo.example, role: vvb, side: A, node: publisher, trusts: [http]}\n"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of the lab as its installers leave it."""
    folder = tmp_path_factory.mktemp("fresh")
    with site_lab(folder, site=SITE):
        return folder / "state"


@pytest.fixture
def lab(fresh: Path, tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=SITE, like=fresh) as one:
        yield one


@pytest.mark.parametrize("section, edges", [("section2", section_2), ("section3", section_3), ("section4", section_4)])
def test_a_section_alone_brings_its_own_trusts_and_no_other(
    lab: SiteLab, tmp_path: Path, section: str, edges: Callable[[SiteLab], list[Trust]]
) -> None:
    others = [edge for edge in whole(lab) if edge not in edges(lab)]
    before = untrusting(lab, others)

    done = runbook(lab, tmp_path / "out", f"runbook/{section}", "--change=alone")

    assert done.exit_code == 0, done.output
    assert edges(lab)
    assert untrusting(lab, edges(lab)) == []
    assert untrusting(lab, others) == before != []
    assert len(set(lab.restarts())) == len(lab.restarts()) > 0


def test_section_2_says_which_step_a_vvb_needs_first(tmp_path: Path) -> None:
    with site_lab(tmp_path, site=WITH_VVB) as lab:
        trusted = lab.trust_list("vvba.duo.example")

        stopped = runbook(lab, tmp_path / "out", "runbook/section2", "--change=alone")

        assert stopped.exit_code == 1
        assert "Traceback" not in stopped.output
        assert "Run step 1.1.iii" in stopped.said, stopped.output
        assert lab.trust_list("vvba.duo.example") == trusted
