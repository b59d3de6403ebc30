"""More runs that are refused: see `tests/runbook/test_refused.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.run.repeaters.fakes import install
from tests.runbook.refusing import REHEARSAL, SITE, STEP, Case, evidence, leaves_nothing, site

__all__ = ["evidence", "site"]

REFUSED: dict[str, Case] = {
    "no change, in workers": (SITE, ["-n2"], 4, "name the change with --change ID"),
    "nothing to verify": (SITE, ["-m", "verify", "-k", "nothing"], 5, "No step fits: -m verify, -k nothing, runbook."),
    "no such step": (SITE, ["--change=X1", f"{STEP}::test_other"], 4, "not found: "),
    "no such marker": (SITE, ["--change=X1", "-m", "verfy"], 4, "verfy"),
    "no such role": (SITE, ["--change=X1", "--role=vvb"], 4, "--role vvb: no host of this site"),
    "no approved plan": (SITE, ["--change=X1", f"--approved-plan={'0' * 64}"], 4, "nothing was sent"),
    "no room for the evidence": (
        SITE,
        ["--change=X1", "-p", "tests.runbook.no_room"],
        4,
        "MB are needed (1000000000000 MB for each of 2 hosts, 20 MB for the documents)",
    ),
    "no room, in another language": (
        SITE,
        ["--change=X1", "-p", "tests.runbook.no_room", "--language=ja"],
        4,
        "2台のホスト",
    ),
    "a plan needs no room": (SITE, ["-p", "tests.runbook.no_room", "--plan", "-k", "nothing"], 5, "No step fits"),
    "a rehearsal on nobody": (REHEARSAL, ["--host=nobody"], 4, "--host nobody: no host of this site fits"),
    "a rehearsal of a step that is not there": (REHEARSAL, [f"{STEP}::test_other"], 4, "not found: "),
}
UNWRITABLE = {  # what is no folder, in the evidence's
    "the evidence": ("", SITE),
    "the evidence of a rehearsal": ("", REHEARSAL),
    "the change": ("X1", SITE),
    "its runs": ("X1/runs", SITE),
    "its certificates": ("X1/certificates", SITE),
}
PLUGINS = {  # what is installed, arguments, what is said
    "a known one": ("rerunfailures", ["--reruns=2"], "the pytest plugin rerunfailures runs steps again"),
    "the order, in workers": ("late", ["-n2"], "the pytest plugin late changes the order of steps"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_run_that_is_refused_leaves_nothing(
    site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    leaves_nothing(site, evidence, monkeypatch, case)


@pytest.mark.parametrize("name, on_site", UNWRITABLE.values(), ids=UNWRITABLE)
def test_evidence_that_cannot_be_written_is_refused_in_one_line(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, on_site: bool
) -> None:
    out = tmp_path / "elsewhere"
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).touch()
    case = (on_site, ["--change=X1"] if on_site else [], 4, f"ERROR: The evidence cannot be written: {out / name}: ")
    leaves_nothing(site, out, monkeypatch, case)


@pytest.mark.parametrize("plugin, arguments, said", PLUGINS.values(), ids=PLUGINS)
def test_a_plugin_that_repeats_or_reorders_is_refused(
    site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(evidence.with_name("plugins"), plugin)))
    leaves_nothing(site, evidence, monkeypatch, (SITE, ["--change=X1", *arguments], 4, said))
