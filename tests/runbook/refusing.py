"""A site whose hosts do not answer, evidence of an earlier run, and what must hold of a run that is refused there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.made import certificate
from tests.reports.keys import key_pair
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO

Case = tuple[bool, list[str], int, str]  # on a site or as a rehearsal, arguments, exit code, what is said
SITE, REHEARSAL = True, False
STEP = "runbook/section1/test_1_1_i_list_certificates.py"


@pytest.fixture
def site(tmp_path: Path) -> str:
    """The option for an inventory whose hosts do not answer, with its secrets."""
    password = "password: {file: password.txt}"
    text = DUO.replace("runbook'}", f"runbook', {password}}}").replace("administrator}", f"administrator, {password}}}")
    (tmp_path / "password.txt").write_text("Never-asked-4", encoding="utf-8")
    (tmp_path / "ca.pem").write_text(certificate("ca", dns=()).pem, encoding="ascii")
    inventory = tmp_path / "site.yaml"
    inventory.write_text(f"{text}winrm: {{scheme: https, transport: ntlm, ca_file: ca.pem}}\n", encoding="utf-8")
    return f"--inventory={inventory}"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """The folder in which an earlier run of the change has left something."""
    folder = tmp_path / "out" / "X1"
    folder.mkdir(parents=True)
    (folder / "verification.json").write_text("{}", encoding="utf-8")
    key_pair(folder)
    return folder.parent


def left(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def leaves_nothing(site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    """Run it, and see that it opens no connection, starts no lab and changes nothing of what was there."""
    on_site, arguments, code, said = case
    before, seen, prom = left(evidence), evidence.with_name("sockets"), evidence.with_name("node.prom")
    monkeypatch.setenv("SOCKETS_SEEN", str(seen))
    watched = ["-p", "tests.runbook.socket_watch", "-p", "tests.runbook.no_lab", f"--prometheus={prom}"]
    given = [argument.format(out=evidence) for argument in arguments]

    ended = runbook(None, evidence, *given, *([site] if on_site else []), *watched)

    assert ended.exit_code == code, ended.output
    assert said in ended.said
    assert left(evidence) == before
    assert not prom.exists()
    assert not seen.exists(), seen.read_text(encoding="utf-8")
