"""What a node presents and trusts: what it was when the service started, over real TLS."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncssh
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.tables.vos_roles import RELEASES, ROLES
from lab.vos.install import HISTORY, install
from lab.vos.node import Node, Pace, Quirks, State
from tests.lab.vos.nodes import FQDN, LIMIT, PROMPT, Running, Screen, at_the_screen, described, rsa_key, running
from tests.lab.vos.pages.appliances import certificate

PEER = certificate("cvp1.lab.example", encoding="DER")


def trusted(node: Node, service: str) -> list[str]:
    """The common names that a running service trusts."""
    notes = (node.running / service / "trusted.pem").read_bytes()
    names = [one.subject.get_attributes_for_oid(NameOID.COMMON_NAME) for one in x509.load_pem_x509_certificates(notes)]
    return sorted(str(name.value) for (name,) in names)


def der(presented: x509.Certificate) -> bytes:
    return presented.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    "role, release", [*((role, "12.5(1)") for role in ROLES), *(("cucm", one) for one in RELEASES)]
)
def test_every_role_presents_its_certificate_on_its_ports(tmp_path: Path, role: str, release: str) -> None:
    async def look() -> tuple[Sequence[str], set[bytes], bytes, list[str]]:
        async with running(tmp_path, role, release) as node:
            ports = node.node.services.listening()
            leaves = {der(await node.leaf(port)) for port in ports}
            notes = [json.loads(file.read_text()) for file in sorted(node.node.running.glob("*/presented.json"))]
            return ports, leaves, node.node.own("tomcat").chain[0], [key for note in notes for key in note]

    ports, leaves, own, noted = asyncio.run(look())
    assert sorted(["ssh", *ports]) == sorted(ROLES[role].port_keys)
    assert sorted(noted) == sorted(ports)
    assert leaves == {own}


def test_a_certificate_has_the_shape_of_a_real_one(tmp_path: Path) -> None:
    install(tmp_path / "node", described("vvb"), rsa_key)
    leaf = x509.load_pem_x509_certificate((tmp_path / "node" / "own" / "tomcat.pem").read_bytes())
    order = [attribute.rfc4514_attribute_name for attribute in leaf.subject]
    assert order == ["C", "O", "OU", "CN", "ST", "L"]
    assert leaf.issuer == leaf.subject
    assert isinstance(leaf.public_key(), rsa.RSAPublicKey)
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).total_seconds() == 730 * 86400 - 1
    assert leaf.serial_number.bit_length() <= 128
    constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [x509.DNSName(FQDN)]
    uses = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


@pytest.mark.parametrize("present", [True, False])
def test_a_second_leaf_for_those_who_ask(tmp_path: Path, present: bool) -> None:  # noqa: FBT001
    async def kinds() -> list[bool]:
        async with running(tmp_path, "cucm", quirks=Quirks(ecdsa_leaf=present)) as node:
            leaves = [await node.leaf(ciphers=f"{kind}:@SECLEVEL=0") for kind in ("aRSA", "ALL")]
            return [isinstance(leaf.public_key(), ec.EllipticCurvePublicKey) for leaf in leaves]

    assert asyncio.run(kinds()) == [False, present]


def test_a_service_trusts_what_the_list_held_when_it_started(tmp_path: Path) -> None:
    async def follow() -> list[list[str]]:
        seen: list[list[str]] = []
        async with running(tmp_path, "vvb") as node:
            node.node.trust.add(PEER)
            seen.append(trusted(node.node, "Engine"))
            await node.restart("Engine")
            seen += [trusted(node.node, service) for service in ("Engine", "Cisco Tomcat", "SIP")]
            await node.node.system_restart()
            seen += [trusted(node.node, service) for service in ("Engine", "Cisco Tomcat", "SIP")]
        return seen

    before, after = [FQDN], ["cvp1.lab.example", FQDN]
    # Secure SIP looks at the list when the appliance boots, and at no other time.
    assert asyncio.run(follow()) == [before, after, before, before, after, after, after]


def test_a_restart_changes_its_own_service_alone(tmp_path: Path) -> None:
    async def follow() -> tuple[bytes, bytes, bytes]:
        async with running(tmp_path) as node:
            await node.node.regenerate("tomcat")
            await node.restart("Cisco Finesse Tomcat")
            return der(await node.leaf()), der(await node.leaf("finesse")), node.node.own("tomcat").chain[0]

    tomcat, finesse, own = asyncio.run(follow())
    assert finesse == own != tomcat


def test_a_state_goes_on_where_it_was(tmp_path: Path) -> None:
    async def once(*, change: bool) -> tuple[bytes, list[str]]:
        async with running(tmp_path) as node:
            if change:
                await node.node.regenerate("tomcat")
                node.node.trust.add(PEER, "from a peer")
                await node.restart("Cisco Tomcat")
            return der(await node.leaf()), [entry.description for entry in node.node.trust.list()]

    assert asyncio.run(once(change=True)) == asyncio.run(once(change=False))


def test_setting_up_again_changes_nothing(tmp_path: Path) -> None:
    about = described("cucm")
    install(tmp_path / "node", about, rsa_key)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    install(tmp_path / "node", about, rsa_key)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_service_whose_port_is_taken_does_not_start(tmp_path: Path) -> None:
    async def follow() -> tuple[State, str, str, State]:
        async with running(tmp_path) as node, node.screen() as screen:
            service = node.node.services.find("Cisco Tomcat")
            assert service
            await node.node.services.stop(service)
            taken = await asyncio.start_server(lambda *_: None, node.node.line.address, node.node.line.ports["tomcat"])
            answer = await screen.enter("utils service restart Cisco Tomcat")
            state, reason = service.state, service.reason
            taken.close()
            await node.restart("Cisco Tomcat")
            assert answer.endswith("[STOPPED]  Component is not running  \n")
            return state, reason, answer, service.state

    state, reason, _, after = asyncio.run(follow())
    assert (state, reason, after) == (State.STOPPED, "Component is not running", State.STARTED)


@pytest.mark.parametrize(
    "command, role, said",
    [
        ("utils system restart", "finesse", "***   W A R N I N G   ***"),
        ("utils vvb restart forceful", "vvb", "Do you really want to restart ?\r\nEnter (yes/no)? "),
        ("utils vvb restart graceful", "vvb", "Do you really want to restart ?\r\n\r\nEnter (yes/no)? "),
    ],
)
def test_the_appliance_restarts_when_told_to(tmp_path: Path, command: str, role: str, said: str) -> None:
    async def restart() -> str:
        async with running(tmp_path, role, pace=Pace(reboot=0.2)) as node, node.screen() as screen:
            booted = node.node.booted
            screen.type(f"{command}\r")
            question = await screen.until("Enter (yes/no)? ")
            assert said in question
            screen.type("yes\r")
            shown = await screen.rest()
            while node.node.services.listening():  # noqa: ASYNC110  # a node announces nothing
                await asyncio.sleep(0)
            await is_away(node)
            while node.node.booted is None:  # noqa: ASYNC110  # a node announces nothing
                await asyncio.sleep(0.01)
            assert node.node.booted != booted
            assert len((node.node.folder / HISTORY).read_text().splitlines()) == 4 + 3  # boot, restart, boot
            async with node.screen() as again:
                await again.enter("show accountlocking")
            await node.leaf()
            assert [event.changed for event in node.events] == [True, False]
            return shown

    shown = asyncio.run(asyncio.wait_for(restart(), LIMIT))
    assert "Appliance is being Restarted ...\r\nWarning: Restart could take up to 5 minutes.\r\n" in shown
    assert PROMPT not in shown


async def is_away(node: Running) -> None:
    for attempt in (node.leaf(), node.connected()):
        with pytest.raises((OSError, asyncssh.Error)):
            await attempt


@pytest.mark.parametrize("command, role", [("utils system restart", "finesse"), ("utils vvb restart forceful", "vvb")])
def test_the_appliance_goes_on_when_not(tmp_path: Path, command: str, role: str) -> None:
    async def scenario(node: Running, screen: Screen) -> bool:
        booted = node.node.booted
        screen.type(f"{command}\r")
        await screen.until("Enter (yes/no)? ")
        await screen.enter("no")
        return node.node.booted == booted and not node.events[-1].changed

    assert at_the_screen(tmp_path, scenario, role=role)


def test_two_restarts_at_once_come_after_each_other(tmp_path: Path) -> None:
    async def twice() -> list[str]:
        states: list[str] = []
        async with running(tmp_path, pace=Pace(restart=0.02)) as node:
            service = node.node.services.find("Cisco Tomcat")
            assert service
            await asyncio.gather(*(node.node.restart_service(service, states.append) for _ in range(2)))
            await node.leaf()
        return states

    assert asyncio.run(twice()) == ["STOPPING", "STARTING", "STARTED"] * 2


def test_a_restart_under_way_does_not_survive_a_reboot(tmp_path: Path) -> None:
    async def both() -> None:
        async with running(tmp_path, pace=Pace(restart=0.05)) as node:
            service = node.node.services.find("Cisco Tomcat")
            assert service
            restart = node.node.restart_service(service)
            await asyncio.sleep(0.01)
            await node.node.system_restart()
            assert restart.cancelled()
            assert service.state is State.STARTED
            await node.leaf()

    asyncio.run(both())


def test_eight_nodes_are_on_in_a_moment(tmp_path: Path) -> None:
    """A reference site has some eight: 0.1 s of processor time were seen, their command lines included."""
    folders = [tmp_path / str(number) for number in range(8)]
    for folder in folders:
        install(folder / "node", described("cuic_coresident"), rsa_key)

    async def start() -> float:
        begun = time.process_time()
        async with AsyncExitStack() as nodes:
            for folder in folders:
                await nodes.enter_async_context(running(folder, "cuic_coresident"))
            return time.process_time() - begun

    assert asyncio.run(start()) < 0.5
