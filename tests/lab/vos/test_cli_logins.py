"""Who gets in: methods of each release, lock-out, too many attempts, host keys."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh
import pytest

from lab.vos.accounts import UNLOCK_TIME, Accounts
from tests.lab.vos.nodes import ADDRESS, FQDN, PASSWORD, USER, Running, running

WRONG = "wrong"


@pytest.mark.parametrize(
    "release, methods",
    [
        ("12.5(1)", {"password": True, "keyboard-interactive": True}),
        ("15.0(1)", {"password": False, "keyboard-interactive": True}),
    ],
)
def test_log_in_methods(tmp_path: Path, release: str, methods: dict[str, bool]) -> None:
    async def tried() -> dict[str, bool]:
        async with running(tmp_path, release=release) as node:
            return {method: await gets_in(node, preferred_auth=method) for method in methods}

    assert asyncio.run(tried()) == methods


async def gets_in(node: Running, **options: object) -> bool:
    try:
        async with node.connected(**options):
            return True
    except asyncssh.PermissionDenied:
        return False


def test_three_wrong_passwords_lock_without_a_word(tmp_path: Path) -> None:
    async def tried() -> list[bool]:
        async with running(tmp_path) as node:
            once = {"preferred_auth": "password"}
            tries = [await gets_in(node, password=WRONG, **once) for _ in range(3)]
            tries += [await gets_in(node), await gets_in(node, username="nobody")]
            assert {event.kind for event in node.events} == {"refused"}
            assert WRONG not in str(node.events)
            node.node.accounts.now = lambda: 1e12
            return [*tries, await gets_in(node)]

    assert asyncio.run(tried()) == [False] * 5 + [True]


def test_a_lock_outlives_the_lab(tmp_path: Path) -> None:
    file = tmp_path / "refusals.json"
    for _ in range(3):
        assert not Accounts(file, USER, PASSWORD).login(USER, WRONG)
    assert not Accounts(file, USER, PASSWORD).login(USER, PASSWORD)


@pytest.mark.parametrize(
    "attempts, gets_in",
    [
        pytest.param([WRONG, WRONG, PASSWORD], True, id="two are forgiven"),
        pytest.param([WRONG, WRONG, PASSWORD, WRONG, WRONG, PASSWORD], True, id="and forgotten"),
        pytest.param([WRONG] * 3 + [PASSWORD], False, id="three lock"),
        pytest.param([WRONG] * 3 + [300.0, PASSWORD], True, id="for five minutes"),
        pytest.param([WRONG] * 3 + [299.0, PASSWORD], False, id="and not less"),
        pytest.param([WRONG] * 3 + [300.0, WRONG, PASSWORD], True, id="after which the count begins anew"),
    ],
)
def test_locking(tmp_path: Path, attempts: list[str | float], gets_in: bool) -> None:  # noqa: FBT001
    accounts, clock = Accounts(tmp_path / "refusals.json", USER, PASSWORD), [1000.0]
    accounts.now = lambda: clock[0]
    let_in = False
    for attempt in attempts:
        if isinstance(attempt, float):
            clock[0] += attempt
        else:
            let_in = accounts.login(USER, attempt)
    assert UNLOCK_TIME == 300
    assert let_in is gets_in


class Stubborn(asyncssh.SSHClient):
    """Tries one password after the other."""

    def __init__(self) -> None:
        self.tries = 0

    def password_auth_requested(self) -> str | None:
        self.tries += 1
        return WRONG if self.tries < 20 else None


def test_too_many_attempts_end_the_connection(tmp_path: Path) -> None:
    client = Stubborn()

    async def insist() -> None:
        async with running(tmp_path) as node:
            options = {"password": None, "preferred_auth": "password", "client_factory": lambda: client}
            async with node.connected(**options):
                pass

    with pytest.raises(asyncssh.DisconnectError, match="Too many authentication failures"):
        asyncio.run(insist())
    assert client.tries == 6


def test_a_host_key_for_each_node_which_it_keeps(tmp_path: Path) -> None:
    async def key(folder: Path) -> bytes:
        async with running(folder) as node:
            found = await asyncssh.get_server_host_key(ADDRESS, node.ssh_port, config=None)
            assert found is not None
            return found.export_public_key()

    first, again, other = (asyncio.run(key(tmp_path / name)) for name in ("a", "a", "b"))
    assert first == again != other


def test_a_client_that_knows_the_key_gets_in(tmp_path: Path) -> None:
    async def connect(known: str) -> bool:
        async with running(tmp_path / "node") as node:
            key = node.host_key if known == "right" else other_key()
            known_hosts = asyncssh.import_known_hosts(f"[{ADDRESS}]:{node.ssh_port} {key}\n")
            try:
                async with node.connected(known_hosts=known_hosts):
                    return True
            except asyncssh.HostKeyNotVerifiable:
                return False

    assert asyncio.run(connect("right"))
    assert not asyncio.run(connect("other"))


def other_key() -> str:
    return asyncssh.generate_private_key("ecdsa-sha2-nistp256", comment=FQDN).export_public_key().decode()
