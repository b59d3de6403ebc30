"""Runs that are refused, or that only list their steps: no connection, no lab, and nothing is left of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.made import certificate
from tests.fixtures.repeaters.fakes import install
from tests.reports.keys import key_pair
from tests.runbook.runs import runbook
from tests.runbook.site_lab import DUO

SITE, REHEARSAL = True, False
NEEDS_CHANGE = "name the change with --change ID"
STEP = "runbook/section1/test_1_1_i_list_certificates.py"

# on a site or as a rehearsal, arguments, exit code, what is said
REFUSED: dict[str, tuple[bool, list[str], int, str]] = {
    "no change": (SITE, [], 4, NEEDS_CHANGE),
    "nothing fits": (SITE, ["--change=X", "-k", "nothing"], 5, "No step fits: -k nothing, runbook. Nothing was sent"),
    "the same in workers": (SITE, ["--change=X", "-k", "nothing", "-n2"], 5, "No step fits: -k nothing, runbook."),
    "nothing to verify": (SITE, ["-m", "verify", "-k", "nothing"], 5, "No step fits: -m verify, -k nothing, runbook."),
    "nothing to plan": (SITE, ["--plan", "-k", "nothing"], 5, "No step fits: -k nothing, runbook."),
    "no such host": (SITE, ["--change=X", "--host=nobody"], 4, "--host nobody: no host of this site fits"),
    "no such step": (SITE, ["--change=X", f"{STEP}::test_other"], 4, "not found: "),
    "a key in the evidence": (SITE, ["--change=X", "--sign-key={out}/X/key.pem"], 4, "lies in the evidence"),
    "a rehearsal of nothing": (REHEARSAL, ["-k", "nothing"], 5, "No step fits: -k nothing, runbook."),
    "a rehearsal on nobody": (REHEARSAL, ["--host=nobody"], 4, "--host nobody: no host of this site fits"),
    "listed, whatever it would change": (
        SITE,
        ["--collect-only", "-q", "-n2"],
        0,
        "test_activate_cvp[cvpa.duo.example]",
    ),
    "a rehearsal, listed": (REHEARSAL, ["--collect-only", "-q", "--rehearse=minimal"], 0, "::test_activate_cvp["),
}


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
    folder = tmp_path / "out" / "X"
    folder.mkdir(parents=True)
    (folder / "verification.json").write_text("{}", encoding="utf-8")
    key_pair(folder)
    return folder.parent


def left(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("on_site, arguments, code, said", REFUSED.values(), ids=REFUSED)
def test_a_run_that_is_refused_or_only_lists_leaves_nothing(
    site: str,
    evidence: Path,
    monkeypatch: pytest.MonkeyPatch,
    on_site: bool,  # noqa: FBT001
    arguments: list[str],
    code: int,
    said: str,
) -> None:
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


PLUGINS = {  # what is installed, arguments, what is said
    "a known one, by its option": ("rerunfailures", ["--reruns=2"], "the pytest plugin rerunfailures runs steps again"),
    "one that nobody knows, by its parameter": ("multiply", [], "multiply runs steps again (parameter __step_number)"),
    "the same in workers": ("late", ["-n2"], "the pytest plugin late changes the order of steps"),
}


@pytest.mark.parametrize("plugin, arguments, said", PLUGINS.values(), ids=PLUGINS)
def test_a_plugin_that_repeats_or_reorders_is_refused(
    site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(evidence.with_name("plugins"), plugin)))
    before = left(evidence)
    ended = runbook(None, evidence, site, "--change=X", *arguments)
    assert ended.exit_code == 4, ended.output
    assert said in ended.said
    assert left(evidence) == before


def test_folders_that_were_not_there_before_are_gone_again(site: str, tmp_path: Path) -> None:
    ended = runbook(None, tmp_path / "new" / "out", "--change=X", "-k", "nothing", site)
    assert ended.exit_code == 5, ended.output
    assert not (tmp_path / "new").exists()
