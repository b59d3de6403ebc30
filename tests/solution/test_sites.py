"""Solutions of other shapes: exchanged from nothing, then everything renewed, watched all the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.runbook.probes import Trust
from tests.runbook.site_lab import SiteLab, site_lab
from tests.runbook.whole import whole
from tests.solution.watched import Watched, assert_few_restarts, assert_gentle, untrusting, watched

_HEAD = """
site: {name}
release: "{release}"
certificate:
  {{organizational_unit: Contact Center, organization: Example, locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}}
credentials:
  windows: {{username: 'EXAMPLE\\runbook'}}
  cvp_local: {{username: administrator}}
  vos: {{username: administrator}}
role_credentials: {{cvp: cvp_local, cvp_reporting: cvp_local}}
hosts:
"""
_LONG_DOMAIN = "the-contact-center-of-the-east.customer-service.example"  # with four letters and a dot: 60


def site(name: str, release: str, domain: str, *hosts: str) -> str:
    """A site file. A host: its bare name, and what else the file says of it."""
    lines = (f"  - {{fqdn: {host.partition(' ')[0]}.{domain}, {host.partition(' ')[2]}}}\n" for host in hosts)
    return _HEAD.format(name=name, release=release) + "".join(lines)


def cvp(name: str, side: str) -> str:
    """A CVP server whose certificates nobody else holds."""
    return f"{name} role: cvp, side: {side}, also_trusted_by: []"


@dataclass(frozen=True)
class Shape:
    """A site, and what the table makes of it: how many trusts, and who restarts in which order in a renewal."""

    site: str
    edges: int
    renewal: tuple[str, ...]


SHAPES = {
    "12.6(2)": Shape(
        site(
            "two-stores",
            "12.6(2)",
            "stores.example",
            "awa role: ads, side: A, principal: true",
            "awb role: ads, side: B",
            "rgra role: rogger, side: A",
            "rgrb role: rogger, side: B",
            "pg1a role: pg, side: A, cucm_pg: true",
            cvp("cvpa", "A"),
            cvp("cvpb", "B"),
            "cvprpt role: cvp_reporting, side: A",
            "ucmpub role: cucm, node: publisher, ecdsa_leaf: true",
            "ids role: ids, node: publisher",
            "live role: live_data, node: publisher",
            "vvba role: vvb, side: A, node: publisher, trusts: [http]",
            "vvbb role: vvb, side: B, node: publisher, trusts: [http, sip]",
        ),
        63,
        ("awb", "awa", "cvpa", "cvprpt", "vvba", "vvbb", "cvpb"),
    ),
    "one side": Shape(
        site(
            "one-side",
            "12.5(1)",
            "one.example",
            "awa role: ads, side: A, principal: true",
            "rgra role: rogger, side: A",
            "pg1a role: pg, side: A, cucm_pg: true",
            cvp("cvpa", "A"),
            "ucmpub role: cucm, node: publisher",
            "fin1 role: finesse, node: publisher",
            "cuic1 role: cuic_coresident, node: publisher",
        ),
        13,
        ("awa", "cvpa"),
    ),
    "large": Shape(
        site(
            "large",
            "12.6(1)",
            _LONG_DOMAIN,
            "aw1a role: ads, side: A, principal: true",
            "aw2a role: ads, side: A",
            "aw1b role: ads, side: B",
            "aw2b role: ads, side: B",
            *(cvp(f"cv{number}{side.lower()}", side) for side in "AB" for number in range(5)),
            "vv1a role: vvb, side: A, node: publisher, trusts: [http, sip]",
            "vv2a role: vvb, side: A, node: publisher, trusts: [http]",
            "vv1b role: vvb, side: B, node: publisher, trusts: [sip]",
        ),
        194,
        (
            *("aw2a", "aw1b", "aw2b", "aw1a"),
            *(f"cv{number}a" for number in range(5)),
            *("vv1a", "vv2a", "vv1b"),
            *(f"cv{number}b" for number in range(5)),
        ),
    ),
}


@dataclass(frozen=True)
class Story:
    """A fresh site, its first change, and a renewal of everything."""

    shape: Shape
    lab: SiteLab
    edges: list[Trust]
    first: Watched
    untrusting: list[Trust]
    renewal: Watched


@pytest.fixture(scope="module", params=SHAPES.values(), ids=[name.replace(" ", "-") for name in SHAPES])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("site")
    with site_lab(folder, site=request.param.site) as lab:
        first = watched(lab, folder / "out", "--change=CHG-1")
        refused = untrusting(lab, whole(lab))
        lab.edit_inventory(renew="all")
        renewal = watched(lab, folder / "out", "--change=CHG-2")
        yield Story(request.param, lab, whole(lab), first, refused, renewal)


def test_a_client_with_what_the_stores_hold_trusts_every_server(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{story.lab.inventory['site']}: {len(story.edges)} trusts", end=" ")
    assert len(story.edges) == story.shape.edges
    assert story.untrusting == []
    assert untrusting(story.lab, story.edges) == []


def test_what_worked_before_works_at_every_moment(story: Story) -> None:
    assert_gentle(story.first)
    assert_gentle(story.renewal)
    cvps = story.lab.of_role("cvp")
    presented = story.renewal.monitor.presented
    assert {len(presented[fqdn]) for fqdn in cvps} == {4 if story.lab.of_role("vvb") else 2}, "old and new were seen"


def test_each_service_restarts_once_at_most(story: Story) -> None:
    assert_few_restarts(story.first)
    assert_few_restarts(story.renewal)
    assert tuple(story.renewal.hosts) == story.shape.renewal


def test_names_are_as_long_as_the_certificates_allow() -> None:
    assert len(f"aw1a.{_LONG_DOMAIN}") == 60
