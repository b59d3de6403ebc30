"""`show cert` and `set cert`: dumps whose PEM counts, pasted certificates, what a node keeps to itself."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lab.vos.node import Pace
from tests.lab.vos.nodes import FQDN, PROMPT, Running, Screen, at_the_screen, running, told
from tests.lab.vos.pages.appliances import certificate

ANY_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n.*?\n-----END CERTIFICATE-----\n", re.DOTALL)
ASKED = "Paste the Certificate and Hit Enter"
IMPORTED = (
    "Successfully imported certificate for tomcat.\n"
    "Please restart services related to tomcat for the new certificate to\n"
    "become active.\n"
)
REGENERATING = (
    "\nWARNING: This operation will overwrite any CA signed certificate previously imported for  tomcat\n"
    "\nProceed with regeneration (yes|no)? "
)
REGENERATED = (
    "\nSuccessfully Regenerated Certificate for tomcat.\n"
    "\nYou must restart services related to tomcat for the regenerated certificates to become active.\n"
)


def pem_in(shown: str) -> bytes:
    (found,) = ANY_PEM.findall(shown)
    return x509.load_pem_x509_certificate(found.encode()).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize("release, follows", [("12.5(1)", "]"), ("15.0(1)", "\n")])
@pytest.mark.parametrize("name", ["tomcat", "tomcat/tomcat.pem"])
def test_an_own_certificate_comes_with_its_pem(tmp_path: Path, release: str, follows: str, name: str) -> None:
    async def scenario(node: Running, screen: Screen) -> tuple[bytes, str]:
        return node.node.own("tomcat").chain[0], await screen.enter(f"show cert own {name}")

    der, shown = at_the_screen(tmp_path, scenario, release=release)
    assert pem_in(shown) == der
    assert f"{follows}-----BEGIN CERTIFICATE-----\n" in shown


def test_fields_are_renamed_in_later_releases(tmp_path: Path) -> None:
    fields = {"Serial Number:": "SerialNumber:", "Validity From:": "Start Date:", "Subject Name:": "SubjectDN:"}
    earlier, later = (
        told(tmp_path / release, "show cert own tomcat", release=release) for release in ("12.5(1)", "15.0(1)")
    )
    assert [(old in earlier, new in earlier) for old, new in fields.items()] == [(True, False)] * 3
    assert [(old in later, new in later) for old, new in fields.items()] == [(False, True)] * 3


def test_a_trusted_certificate_comes_without_pem(tmp_path: Path) -> None:
    shown = told(tmp_path, f"show cert trust tomcat-trust/{FQDN}.pem")
    assert f"CN={FQDN}" in shown
    assert "BEGIN CERTIFICATE" not in shown


def test_later_releases_name_files_with_serial_numbers(tmp_path: Path) -> None:
    listed = told(tmp_path, "show cert list trust", release="15.0(1)")
    assert re.fullmatch(rf"\ntomcat-trust/{re.escape(FQDN)}_(?:[0-9a-f]{{2}})+\.pem: Trust Certificate\n", listed)


async def paste(screen: Screen, text: str, unit: str = "trust tomcat") -> str:
    screen.type(f"set cert import {unit}\r")
    await screen.until(ASKED)
    screen.type(text)
    return (await screen.until(f"\r\n{PROMPT}")).removesuffix(PROMPT).replace("\r\n", "\n")


PEER = certificate("cvp1.lab.example").decode()
PASTED = [
    pytest.param(PEER, id="with its line feeds"),
    pytest.param(PEER.rstrip() + "\r\n", id="ended by carriage return and line feed"),
    pytest.param(PEER.replace("\n", "\r\n"), id="lines of Windows"),
    pytest.param(PEER.replace("\n", "\r"), id="each line sent with Enter"),
]


@pytest.mark.parametrize("text", PASTED)
def test_a_pasted_certificate_is_in_the_list(tmp_path: Path, text: str) -> None:
    async def scenario(node: Running, screen: Screen) -> tuple[str, str, str]:
        said = await paste(screen, text)
        screen.type("\r")  # a line feed may have been left over: whatever prompts it brought are behind us
        await screen.until(PROMPT)
        return said, await screen.enter("show cert list trust"), node.texts[1]

    said, listed, audited = at_the_screen(tmp_path, scenario)
    assert said.endswith(f"-----END CERTIFICATE-----\n\n{IMPORTED}")
    assert "tomcat-trust/cvp1.lab.example.pem: Trust Certificate\n" in listed
    assert audited.startswith("set cert import trust tomcat; STORED sha256 ")


@pytest.mark.parametrize(
    "first, second, said, kept",
    [
        pytest.param({}, {"begins": -5}, IMPORTED, 1, id="a later one takes its place"),
        pytest.param({}, {"number": 2}, IMPORTED, 1, id="one that begins at the same time as well"),
        # The node says that it is imported, and keeps what it has.
        pytest.param({}, {"begins": -20}, IMPORTED, 0, id="an earlier one is not kept"),
        pytest.param({}, {}, "already exists", 0, id="the same again"),
        pytest.param({}, {"begins": -5, "ends": -1}, "has expired", 0, id="an expired one"),
    ],
)
def test_one_certificate_a_name(
    tmp_path: Path, first: dict[str, int], second: dict[str, int], said: str, kept: int
) -> None:
    both = [certificate("cvp1.lab.example", **options) for options in (first, second)]

    async def scenario(node: Running, screen: Screen) -> tuple[str, bytes | None, bool]:
        await paste(screen, both[0].decode())
        answer = await paste(screen, both[1].decode())
        entry = node.node.trust.find("cvp1.lab.example")
        return answer, entry.der if entry else None, node.events[-1].changed

    answer, der, changed = at_the_screen(tmp_path, scenario)
    assert said in answer
    assert der == x509.load_pem_x509_certificate(both[kept]).public_bytes(serialization.Encoding.DER)
    assert changed == (kept == 1)


@pytest.mark.parametrize(
    "text, said",
    [
        ("-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n", "not in PEM format"),
        ("nothing of the kind\n\n", "not in PEM format"),
        (certificate("*.lab.example").decode(), "wildcard"),
    ],
)
def test_what_is_no_certificate_is_refused(tmp_path: Path, text: str, said: str) -> None:
    async def scenario(_node: Running, screen: Screen) -> str:
        return await paste(screen, text)

    answer = at_the_screen(tmp_path, scenario)
    assert said in answer
    assert answer.endswith("Executed command unsuccessfully\n")


def test_an_own_certificate_cannot_come_from_elsewhere(tmp_path: Path) -> None:
    async def scenario(_node: Running, screen: Screen) -> str:
        return await paste(screen, PEER, "own tomcat")

    assert "CSR does not exist" in at_the_screen(tmp_path, scenario)


def test_a_paste_that_comes_too_early_is_lost(tmp_path: Path) -> None:
    async def scenario(node: Running, screen: Screen) -> tuple[int, str]:
        screen.type(f"set cert import trust tomcat\r{PEER}")
        await screen.until(ASKED)
        screen.type(PEER)
        await asyncio.sleep(0.1)
        lost = len(node.node.trust.list())
        screen.type("\x03")
        await screen.until(f"^C\r\n{PROMPT}")
        screen.type("set cert import trust tomcat\r")
        await screen.until(ASKED)
        await asyncio.sleep(0.1)
        screen.type(PEER)
        return lost, await screen.until("become active.")

    lost, answer = at_the_screen(tmp_path, scenario, pace=Pace(paste=0.05))
    assert lost == 1  # its own
    assert "Successfully imported" in answer


@pytest.mark.parametrize("name", ["{}.pem", "tomcat-trust/{}.pem"])
def test_trusted_certificates_can_be_deleted(tmp_path: Path, name: str) -> None:
    async def scenario(_node: Running, screen: Screen) -> tuple[str, str]:
        await paste(screen, PEER)
        said = await screen.enter(f"set cert delete tomcat-trust {name.format('cvp1.lab.example')}")
        return said, await screen.enter("show cert list trust")

    said, listed = at_the_screen(tmp_path, scenario)
    assert "unsuccessfully" not in said
    assert "cvp1" not in listed
    assert FQDN in listed


def test_a_cucm_deletes_on_its_whole_cluster(tmp_path: Path) -> None:
    async def delete() -> list[list[str]]:
        async with (
            running(tmp_path / "1", "cucm") as first,
            running(tmp_path / "2", "cucm", node="subscriber") as second,
        ):
            nodes = [first.node, second.node]
            for node in nodes:
                node.cluster = nodes
                node.trust.add(PEER.encode())
            async with first.screen() as screen:
                assert "Subscriber" in await screen.enter("show network cluster")
                await screen.enter("set cert delete tomcat-trust cvp1.lab.example.pem")
            return [[entry.common_name for entry in node.trust.list()] for node in nodes]

    own = ["node1-EC.lab.example", FQDN]
    assert asyncio.run(delete()) == [own, own]


@pytest.mark.parametrize("answer", ["yes", "y", "no", "maybe", ""])
def test_regenerating_asks_first(tmp_path: Path, answer: str) -> None:
    async def scenario(node: Running, screen: Screen) -> tuple[str, str, bool, bool, bool]:
        before = await node.leaf()
        screen.type("set cert regen tomcat\r")
        await screen.until("set cert regen tomcat\r\n")
        question = await screen.until("(yes|no)? ")
        said = (await screen.enter(answer)).replace("\r\n", "\n")
        renewed = node.node.own("tomcat").chain[0] != before.public_bytes(serialization.Encoding.DER)
        waiting = await node.leaf() == before
        await node.restart("Cisco Tomcat")
        return question.replace("\r\n", "\n"), said, renewed, waiting, await node.leaf() == before

    question, said, renewed, waiting, after = at_the_screen(tmp_path, scenario)
    agreed = answer.startswith("y")
    assert question == REGENERATING
    assert said == (REGENERATED if agreed else "")
    assert renewed is agreed
    assert waiting  # until the restart
    assert after is not agreed


def test_a_regenerated_certificate_takes_its_place_in_the_own_trust_list(tmp_path: Path) -> None:
    async def scenario(node: Running, _screen: Screen) -> tuple[list[bytes], bytes]:
        await node.node.regenerate("tomcat")
        return [entry.der for entry in node.node.trust.list()], node.node.own("tomcat").chain[0]

    trusted, own = at_the_screen(tmp_path, scenario)
    assert trusted == [own]
