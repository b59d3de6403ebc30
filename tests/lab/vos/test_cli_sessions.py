"""Banner, prompts, pagers, typing, slowness: what makes a session more than questions and answers."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncssh
import pytest

from lab.vos.install import HISTORY
from lab.vos.node import Pace, Quirks
from tests.lab.vos.nodes import LIMIT, PASSWORD, PROMPT, USER, Running, Screen, at_the_screen, running

BANNER = (
    "Command Line Interface is starting up, please wait ...\r\n\r\n"
    "   Welcome to the Platform Command Line Interface\r\n\r\n"
    "VMware Installation:\r\n"
    "\t2 vCPU: Intel(R) Xeon(R) CPU E7- 2830  @ 2.13GHz\r\n"
)
PAGER = "\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K"


@pytest.mark.parametrize(
    "role, twice, shown",
    [
        ("cucm", True, BANNER + "\r\nadmin:\r\n\radmin:"),
        (
            "finesse",
            False,
            BANNER + "\tDisk 1: 146GB, Partitions aligned\r\n\t8192 Mbytes RAM\r\n\r\nadmin:",
        ),
    ],
)
def test_the_banner_and_the_first_prompts(tmp_path: Path, role: str, twice: bool, shown: str) -> None:  # noqa: FBT001
    async def first() -> str:
        quirks = Quirks(prompt_twice=twice)
        async with running(tmp_path, role, quirks=quirks) as node, node.screen(greeted=False) as screen:
            screen.type("exit\r")
            return await screen.rest()

    assert asyncio.run(first()) == f"{shown}exit\r\n"


def test_a_node_that_prompts_after_a_newline_alone(tmp_path: Path) -> None:
    async def first() -> tuple[str, str]:
        quirks = Quirks(prompt_after_newline=True)
        async with running(tmp_path, quirks=quirks) as node, node.screen(greeted=False) as screen:
            before = await screen.until("8192 Mbytes RAM\r\n\r\n")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(screen.until(PROMPT), 0.05)
            screen.type("\r")
            return before, await screen.until(PROMPT)

    before, after = asyncio.run(first())
    assert PROMPT not in before
    assert after == PROMPT


def test_the_first_prompt_takes_its_time(tmp_path: Path) -> None:
    async def first() -> tuple[float, float]:
        async with running(tmp_path, pace=Pace(first_prompt=0.4)) as node:
            begun = time.monotonic()
            async with node.screen(greeted=False) as screen:
                await screen.until("Command Line Interface is starting up, please wait ...")
                started = time.monotonic() - begun
                await screen.until(PROMPT)
                return started, time.monotonic() - begun

    started, prompted = asyncio.run(first())
    assert started < 0.3
    assert prompted >= 0.4


def test_answers_take_their_time(tmp_path: Path) -> None:
    async def scenario(_node: Running, screen: Screen) -> float:
        begun = time.monotonic()
        await screen.enter("show version active")
        return time.monotonic() - begun

    assert at_the_screen(tmp_path, scenario, pace=Pace(answer=0.2)) >= 0.2


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("\r", "\r\nadmin:"),
        ("\n", "\r\nadmin:"),
        ("\r\n", "\r\nadmin:\r\nadmin:"),  # two ends of line, two prompts: counting prompts is a trap
        ("nonsense\x03", "nonsense^C\r\nadmin:"),
        ("showx\x08 cli pagination\r", "showx\b \b cli pagination\r\nAutomatic Pagination : Off.\r\nadmin:"),
        ("xy\x15show cli pagination\r", "xy\b \b\b \bshow cli pagination\r\nAutomatic Pagination : Off.\r\nadmin:"),
        ("sh\u00f6w cli pagination\r", "shw cli pagination\r\nNo valid command entered\r\n"),  # plain ASCII alone
    ],
)
def test_typing(tmp_path: Path, typed: str, shown: str) -> None:
    async def scenario(_node: Running, screen: Screen) -> str:
        screen.type(typed)
        return await screen.until(shown)

    assert at_the_screen(tmp_path, scenario) == shown


@pytest.mark.parametrize("word", ["exit", "quit"])
def test_leaving(tmp_path: Path, word: str) -> None:
    async def scenario(_node: Running, screen: Screen) -> int | None:
        screen.type(f"{word}\r")
        await screen.rest()
        return (await screen.process.wait()).exit_status

    assert at_the_screen(tmp_path, scenario) == 0


def test_a_silent_client_is_sent_away(tmp_path: Path) -> None:
    async def first() -> str:
        async with running(tmp_path, pace=Pace(idle=0.05)) as node, node.screen() as screen:
            return await screen.rest()

    assert asyncio.run(first()).endswith("Session timed out.\r\n")


def lines_of(text: str) -> int:
    return text.count("\r\n")


def test_output_comes_in_pages(tmp_path: Path) -> None:
    async def scenario(_node: Running, screen: Screen) -> list[str]:
        screen.type("show cert own tomcat\r")
        await screen.until("show cert own tomcat\r\n")
        pages = [await screen.until(PAGER)]
        for key, end in ((" ", PAGER), ("\r", PAGER), ("x\n", PAGER), ("q", PROMPT)):
            screen.type(key)
            pages.append(await screen.until(end))
        return pages

    first, page, line, other, last = at_the_screen(tmp_path, scenario, paged=True)
    assert lines_of(first) == lines_of(page) == 23  # a screen, but for the pager's line
    assert lines_of(line) == lines_of(other) == 1  # keys that mean nothing are taken and show nothing
    assert all(one.startswith("\r\x1b[K") for one in (page, line, other, last))  # the pager's line goes away
    assert last == f"\r\x1b[K{PROMPT}"


def test_a_page_is_as_high_as_the_screen(tmp_path: Path) -> None:
    async def scenario(_node: Running, screen: Screen) -> str:
        screen.type("show cert own tomcat\r")
        return await screen.until(PAGER)

    assert lines_of(at_the_screen(tmp_path, scenario, paged=True, rows=10)) == 1 + 9


def test_pagination_is_of_a_session(tmp_path: Path) -> None:
    async def scenario(node: Running, screen: Screen) -> tuple[str, str]:
        async with node.screen() as other:
            return await screen.enter("show cli pagination"), await other.enter("show cli pagination")

    assert at_the_screen(tmp_path, scenario) == ("Automatic Pagination : Off.\n", "Automatic Pagination : On.\n")


def test_files_have_a_pager_of_their_own(tmp_path: Path) -> None:
    options = "\x1b[1m\r\noptions: q=quit, n=next, p=prev, b=begin, e=end (lines {} - {} of 47) : \x1b[0m"

    async def scenario(node: Running, screen: Screen) -> dict[str, str]:
        content = "".join(f"line {number}\n" for number in range(1, 48))
        (node.node.folder / HISTORY).write_text(content, encoding="utf-8")
        screen.type(f"file view install {HISTORY}\r")
        shown = {"": await screen.until(options.format(1, 20))}
        turns = {"n": (21, 40), "e": (41, 47), "n ": (41, 47), "p": (21, 40), "b": (1, 20), "p ": (1, 20)}
        for key, (first, last) in turns.items():
            screen.type(key.strip())
            shown[key] = await screen.until(options.format(first, last))
        screen.type("q")
        return shown | {"q": await screen.until(PROMPT)}

    shown = at_the_screen(tmp_path, scenario)  # pagination off does not reach it
    assert "line 20\r\n" in shown[""]
    assert shown["n"].startswith("line 21\r\n")
    assert "line 47\r\nend of the file reached\r\n" in shown["e"]
    assert "end of the file reached" not in shown["p"]
    assert shown["q"] == f"\r\n{PROMPT}"


@pytest.mark.parametrize("options", [{"command": "uname"}, {"command": "show status", "term_type": "vt100"}, {}])
def test_without_a_terminal_there_is_no_command_line(tmp_path: Path, options: dict[str, str]) -> None:
    async def ask() -> tuple[str, int | None]:
        async with running(tmp_path) as node, node.connected() as connection:
            done = await asyncio.wait_for(connection.run(input="", encoding="utf-8", **options), LIMIT)
            return str(done.stdout), done.exit_status

    shown, status = asyncio.run(ask())
    assert shown == "Command Line Interface is starting up, please wait ...\r\n"
    assert status == 1


def test_a_command_ends_though_its_client_left(tmp_path: Path) -> None:
    async def leave() -> list[str]:
        async with running(tmp_path, pace=Pace(restart=0.1)) as node:
            async with node.screen() as screen:
                screen.type("utils service restart Cisco Tomcat\r")
                await screen.until("[STOPPING]")
            while "tomcat" not in node.node.services.listening():  # noqa: ASYNC110  # a node announces nothing
                await asyncio.sleep(0.01)
            return node.texts

    asyncio.run(asyncio.wait_for(leave(), LIMIT))


def test_switching_off_ends_what_nobody_waits_for(tmp_path: Path) -> None:
    async def switch_off() -> tuple[list[str], set[str]]:
        async with running(tmp_path, pace=Pace(restart=60)) as node, node.screen() as screen:
            screen.type("utils service restart Cisco Tomcat\r")
            await screen.until("[STOPPING]")
        return node.texts, {task.get_name() for task in asyncio.all_tasks() if not task.done()}

    texts, left = asyncio.run(switch_off())
    assert texts == ["utils service restart Cisco Tomcat"]
    assert len(left) == 1  # this one


def test_every_command_is_in_the_audit_log(tmp_path: Path) -> None:
    async def scenario(node: Running, screen: Screen) -> Running:
        await screen.enter("bogus")
        await screen.enter("utils service restart Cisco Tomcat")
        return node

    events = at_the_screen(tmp_path, scenario).events
    assert [(event.channel, event.user, event.text, event.changed) for event in events] == [
        ("ssh", USER, "set cli pagination off", False),
        ("ssh", USER, "bogus", False),
        ("ssh", USER, "utils service restart Cisco Tomcat", True),
    ]
    assert len({event.session for event in events}) == 1
    assert PASSWORD not in str(events)


def test_old_clients_get_in(tmp_path: Path) -> None:
    algorithms = {
        "kex_algs": ["diffie-hellman-group14-sha1"],
        "encryption_algs": ["aes128-cbc"],
        "mac_algs": ["hmac-sha1"],
    }

    async def connect() -> str:
        async with running(tmp_path) as node, node.connected(**algorithms) as connection:
            assert isinstance(connection, asyncssh.SSHClientConnection)
            return str(connection.get_extra_info("send_cipher"))

    with pytest.warns(match="Diffie-Hellman"):
        assert asyncio.run(connect()) == "aes128-cbc"
