"""Runs that are refused, or that only list their steps: no connection, no lab, and nothing is left of them.

More of them, of the slower kind: `tests/solution/test_refused_too.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.run.repeaters.fakes import install
from tests.runbook.refusing import REHEARSAL, SITE, Case, evidence, leaves_nothing, site
from tests.runbook.runs import runbook

__all__ = ["evidence", "site"]

REFUSED: dict[str, Case] = {
    "no change": (SITE, [], 4, "name the change with --change ID"),
    "nothing fits, in workers": (
        SITE,
        ["--change=X1", "-k", "nothing", "-n2"],
        5,
        "No step fits: -k nothing, runbook.",
    ),
    "nothing to plan": (SITE, ["--plan", "-k", "nothing"], 5, "No step fits: -k nothing, runbook. Nothing was sent"),
    "no such host": (SITE, ["--change=X1", "--host=nobody"], 4, "--host nobody: no host of this site fits"),
    "a key in the evidence": (SITE, ["--change=X1", "--sign-key={out}/X1/key.pem"], 4, "lies in the evidence"),
    "a rehearsal of nothing": (REHEARSAL, ["-k", "nothing"], 5, "No step fits: -k nothing"),
    "listed, whatever it would change": (SITE, ["--collect-only", "-q", "-n2"], 0, "::test_activate_cvp["),
    "a rehearsal, listed": (REHEARSAL, ["--collect-only", "-q", "--rehearse=minimal"], 0, "::test_activate_cvp["),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_run_that_is_refused_or_only_lists_leaves_nothing(
    site: str, evidence: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    leaves_nothing(site, evidence, monkeypatch, case)


def test_a_plugin_that_nobody_knows_and_that_repeats_is_refused(
    site: str, evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(install(tmp_path / "plugins", "multiply")))
    said = "the pytest plugin multiply runs steps again (parameter __step_number)"
    leaves_nothing(site, evidence, monkeypatch, (SITE, ["--change=X1"], 4, said))


def test_folders_that_were_not_there_before_are_gone_again(site: str, tmp_path: Path) -> None:
    ended = runbook(None, tmp_path / "new" / "out", "--change=X1", "-k", "nothing", site)
    assert ended.exit_code == 5, ended.output
    assert not (tmp_path / "new").exists()
