"""Two hundred passwords, planted through every channel: none is left in what the run hands on."""

from __future__ import annotations

import json
import secrets
import string
from pathlib import Path

import pytest

from reports import verify
from tests.reports import planted_steps
from tests.reports.planted_steps import ENCODINGS, FILE
from tests.reports.test_run import FIRST, start

# What cmd.exe and XML trip over is what Cisco's complex passwords are made of.
_CHARACTERS = string.ascii_letters + string.digits + "!@#$%^&*()_+-=[]{}|;:'\",.<>?`~ \\"
CHANNELS = ("1.1.i", "1.1.ii", "1.1.iii", "1.1.iv", "1.2.c")


def of_cisco_s_kind() -> str:
    """Twelve to twenty characters: a letter, a digit and a metacharacter at least."""
    middle = "".join(secrets.choice(_CHARACTERS) for _ in range(9 + secrets.randbelow(9)))
    return f"{secrets.choice(string.ascii_letters)}{middle}{secrets.choice(string.digits)}&"


def forms(password: str) -> list[bytes]:
    """What a reader of raw bytes would look for: each encoding, by itself and as JSON or HTML holds it."""
    texts = [encode(password) for encode in ENCODINGS.values()]
    texts += [json.dumps(text)[1:-1] for text in texts]
    found = {text.encode() for text in texts} | {password.encode("utf-16-le"), password.encode("utf-16-be")}
    return [one for one in found if len(one) >= len(password)]


@pytest.fixture(scope="module")
def passwords() -> list[str]:
    return [of_cisco_s_kind() for _ in range(200)]


@pytest.fixture(scope="module")
def said(passwords: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("planted")
    file = folder / "passwords.json"
    file.write_text(json.dumps(passwords), encoding="utf-8")
    site = folder / "out" / "CHG0012345"
    return site, start(site, "--no-report", planted_steps.__file__, **{FILE: str(file)})


def held(folder: Path, passwords: list[str]) -> dict[str, int]:
    """The files below a folder that hold a password in any form, by name or content, each with how many it holds."""
    wanted = [forms(password) for password in passwords]
    found = {}
    for path in folder.rglob("*"):
        text = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        number = sum(any(form in text for form in one) for one in wanted)
        if number:
            found[path.relative_to(folder).as_posix()] = number
    return found


def test_no_password_is_left_in_the_evidence(said: tuple[Path, str], passwords: list[str]) -> None:
    site, output = said
    assert "exit code 1\n" in output
    assert len(list(site.rglob("*.json"))) > 0
    assert held(site, passwords) == {}
    assert verify.main([str(site)]) == 0


def test_every_channel_was_one(said: tuple[Path, str], passwords: list[str]) -> None:
    site, _ = said
    aside = site.parent / ".set-aside"
    assert max(held(aside, passwords).values()) == len(passwords)
    (journal,) = aside.rglob("*journal-*.jsonl*")
    text = journal.read_text(encoding="utf-8")
    steps = [json.loads(line)["step"]["id"] for line in text.splitlines() if json.loads(line)["event"] == "step"]
    assert {*CHANNELS} <= {*steps}


def test_what_is_set_aside_is_told_by_its_file_and_its_credential_alone(
    said: tuple[Path, str], passwords: list[str]
) -> None:
    _, output = said
    told = output[output.index("set aside") :]
    assert FIRST in output
    assert not [password for password in passwords if password in told]
