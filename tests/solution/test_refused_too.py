"""More runs that are refused: see `tests/runbook/test_refused.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.repeaters.fakes import install
from tests.runbook.refusing import REHEARSAL, SITE, STEP, Case, evidence, leaves_nothing, site

__all__ = ["evidence", "site"]

REFUSED: dict[str, Case] = {
    "no change, in workers": (SITE, ["-n2"], 4, "name the change with --change ID"),
    "nothing to verify": (SITE, ["-m", "verify", "-k", "nothing"], 5, "No step fits: -m verify, -k nothing, runbook."),
    "no such step": (SITE, ["--change=X1", f"{STEP}::test_other"], 4, "not found: "),
    "no such marker": (SITE, ["--change=X1", "-m", "verfy"], 4, "verfy"),
    "no such role": (SITE, ["--change=X1", "--role=vvb"], 4, "--role vvb: no host of this site"),
    "no approved plan": (SITE, ["--change=X1", f"--approved-plan={'0' * 64}"], 4, "nothing was sent"),
    "a rehearsal on nobody": (REHEARSAL, ["--host=nobody"], 4, "--host nobody: no host of this site fits"),
    "a rehearsal of a step that is not there": (REHEARSAL, [f"{STEP}::test_other"], 4, "not found: "),
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


@pytest.mark.parametrize("plugin, arguments, said", PLUGINS.values(), ids=PLUGINS)
def test_a_plugin_that_repeats_or_reorders_is_refused(
    site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(evidence.with_name("plugins"), plugin)))
    leaves_nothing(site, evidence, monkeypatch, (SITE, ["--change=X1", *arguments], 4, said))
