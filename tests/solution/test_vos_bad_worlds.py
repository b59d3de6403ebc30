"""Bad worlds of appliances: each ends with a clear line that names host, finding and remedy.

The site: an ADS server, a CVP server, a VVB that trusts it by secure HTTP, and a Finesse node. What was exchanged
before is live; every test renews everything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.checks.made import certificate
from tests.runbook.conftest import verify
from tests.runbook.runs import runbook
from tests.runbook.site_lab import CVP, DUO, SiteLab, site_lab

VVB, FINESSE = "vvba.duo.example", "fin1.duo.example"
SITE = (
    DUO.replace("username: administrator}}", "username: administrator}, vos: {username: admin}}")
    + f"  - {{fqdn: {VVB}, role: vvb, side: A, node: publisher, trusts: [http]}}\n"
    + f"  - {{fqdn: {FINESSE}, role: finesse, node: publisher}}\n"
)
QUICK = "--wait-for-services=1"  # an appliance has six seconds then


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of the lab after its first change."""
    folder = tmp_path_factory.mktemp("exchanged")
    with site_lab(folder, site=SITE) as lab:
        done = runbook(lab, folder / "out", "--change=first")
        assert done.exit_code == 0, done.output
    return folder / "state"


@pytest.fixture
def lab(exchanged: Path, tmp_path: Path) -> Iterator[SiteLab]:
    with site_lab(tmp_path, site=SITE, like=exchanged) as one:
        yield one


@dataclass(frozen=True)
class World:
    """What is wrong, by faults of the lab or by hand; what an operator must be told.

    `live`: whether the failure comes when something live has changed already: the VVB's turn is after its CVP server's.
    """

    told: tuple[str, ...]
    faults: tuple[dict[str, Any], ...] = ()
    by_hand: Callable[[SiteLab], None] = lambda _: None
    exit_code: int = 1
    live: bool = False
    refused: int = 0


def another_host_key(lab: SiteLab) -> None:
    """The file of known hosts names another key for the node than it has."""
    file = lab.inventory_file.parent / "known_hosts"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode("ascii").split()
    text = file.read_text(encoding="utf-8")
    changed = re.sub(rf"^(\S*{re.escape(FINESSE)}\S*) .*$", rf"\1 {other[0]} {other[1]}", text, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed, encoding="utf-8")


def newer_entry(lab: SiteLab) -> None:
    """The VVB trusts a certificate of the CVP server's name that begins later than any that is made now."""
    begin = datetime.now(UTC) + timedelta(hours=1)
    newer = certificate(CVP, dns=(CVP,), start=begin)
    (lab.folder(VVB) / "trust" / "tomcat-trust" / f"{CVP}.pem").write_text(newer.pem, encoding="ascii")


def long_key(lab: SiteLab) -> None:
    """The CVP server has a certificate that no appliance takes; nothing asks for another one."""
    lab.edit_inventory(renew="needed")
    alias = "vxml_certificate"
    subject = "CN=cvpa.duo.example, OU=Contact Center, O=Duo, L=San Jose, ST=California, C=US"
    lab.keytool(CVP, f"-delete -alias {alias}")
    lab.keytool(
        CVP,
        f'-genkeypair -alias {alias} -keyalg RSA -keysize 4104 -sigalg SHA256withRSA -dname "{subject}" '
        f"-ext san=dns:{CVP} -validity 1095 -startdate -1d -keypass:env PW",
    )
    lab.restart(CVP, "callserver", "vxmlserver", "WebServicesManager")


WORLDS = {
    "wrong password": World(
        (f"{FINESSE}: ", "refused the login of admin"), ({"host": FINESSE, "kind": "wrong_password"},), refused=1
    ),
    "locked account": World(
        (f"{VVB}: ", "refused the login of admin", "locked"), ({"host": VVB, "kind": "locked_account"},), refused=1
    ),
    "changed host key": World((f"{FINESSE}: ", "host key"), by_hand=another_host_key),
    "nobody answers": World((f"{VVB}: SSH on", "does not answer"), ({"host": VVB, "kind": "unreachable"},)),
    "page without the certificate": World(
        (f"{VVB}: ", "certificate"), ({"host": VVB, "kind": "certificate_not_shown", "match": CVP},), live=True
    ),
    "upload without a token": World(
        (f"{VVB}: cmplatform on", "the page came without its form token"),
        ({"host": VVB, "kind": "no_form_token"},),
        live=True,
    ),
    "upload that is not stored": World(
        (f"{VVB} tomcat-trust {CVP}: certificate: expected",),
        ({"host": VVB, "kind": "upload_not_stored"},),
        live=True,
    ),
    "a newer one is there": World(
        (), ({"host": VVB, "kind": "older_upload_refused"},), by_hand=newer_entry, exit_code=0, live=True
    ),
    "a key too long": World((f"{VVB}: ", "4096 bits"), by_hand=long_key),
    "logged out of a read": World(
        (),
        ({"host": FINESSE, "kind": "drop_connection", "match": "show cert own", "times": 1},),
        exit_code=0,
        live=True,
    ),
    "logged out of a restart": World(
        (f"{VVB}: the answer to «service restart Cisco Tomcat» was lost",),
        ({"host": VVB, "kind": "drop_connection", "match": "restart", "when": "after", "times": 1},),
        exit_code=0,
        live=True,
    ),
    "a service that stays STARTING": World(
        (f"{VVB}: wait until its services have started", "Engine[STARTING]"),
        ({"host": VVB, "kind": "service_does_not_return", "service": "Engine", "hang": True},),
        live=True,
    ),
}


def test_a_trust_list_that_is_older_than_what_is_presented_fails_and_a_change_mends_it(
    lab: SiteLab, tmp_path: Path
) -> None:
    older = lab.trust_list(VVB)
    lab.edit_inventory(renew="all")
    renewed = runbook(lab, tmp_path / "out", "--change=renewed")
    assert renewed.exit_code == 0, renewed.output
    (entry,) = [name for name, content in lab.trust_list(VVB).items() if content != older.get(name)]
    (lab.folder(VVB) / "trust" / "tomcat-trust" / entry).write_bytes(older[entry])
    lab.edit_inventory(renew="needed")

    night = verify(lab, tmp_path / "night")
    mended = runbook(lab, tmp_path / "out", "--change=mended")

    assert night.exit_code == 1, night.output
    told = json.loads(next(night.evidence.rglob("verification.json")).read_text(encoding="utf-8"))
    failing = {(edge["importer"], edge["exporter"]) for edge in told["edges"] if edge["verdict"] == "FAILS"}
    assert failing == {(VVB, CVP)}
    assert f"{VVB} tomcat-trust trust in {CVP}: VXML certificate: expected" in night.said
    assert mended.exit_code == 0, mended.output
    assert lab.trust_list(VVB)[entry] != older[entry]


@pytest.mark.parametrize("world", WORLDS.values(), ids=[name.replace(" ", "-") for name in WORLDS])
def test_a_bad_world_of_an_appliance_is_told(lab: SiteLab, tmp_path: Path, world: World) -> None:
    lab.edit_inventory(renew="all")
    world.by_hand(lab)
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    lists = lab.trust_list(VVB)
    lab.fail_in_many_ways(*world.faults)
    seen = len(lab.audit())

    ended = runbook(lab, tmp_path / "out", "--change=bad", QUICK)

    assert ended.exit_code == world.exit_code, ended.output
    for words in world.told:
        assert words in ended.said
    assert "Traceback" not in ended.output
    assert len([line for line in lab.audit()[seen:] if line["kind"] == "refused"]) == world.refused
    unchanged = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers} == stores
    assert unchanged is not world.live
    if not world.live:
        assert lab.trust_list(VVB) == lists
        assert not [line for line in lab.audit()[seen:] if line.get("changed_services")]
    print(ended.output)
