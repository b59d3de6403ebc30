"""Every line that goes to a Windows host against the rules of `command_lines`: those of plans, and those of no plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.actions import locks
from fixtures.actions.rollback import traces
from fixtures.connections.command import Command, Success
from fixtures.facts import folders, services
from fixtures.hosts.cvp import CvpHost
from fixtures.hosts.vvb import VvbServer
from fixtures.verify.stores import footing
from fixtures.verify.vvb_restart import RestartNote
from tests.documents.command_lines import change_objections, objections, success_objections
from tests.fixtures.hosts.given import CVP, VVB, World
from tests.fixtures.stores.test_store import COMMANDS
from tests.runbook.runs import example, runbook


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The commands to Windows hosts of everything that can be planned, on the way and on the way back."""
    folder = tmp_path_factory.mktemp("planned")
    made = runbook(None, folder, example(folder), "runbook", "runbook/rollback", "--plan", "--change=CHG1")
    assert made.exit_code == 0, made.output
    plan = json.loads(next(folder.rglob("plan.json")).read_text(encoding="utf-8"))
    texts = [work for step in plan["steps"] for work in step["work"] if work.get("text", "").startswith(("@", '"'))]
    assert len(texts) > 100
    return texts


def test_the_lines_of_a_plan_are_taken_in_one_way(planned: list[dict[str, Any]]) -> None:
    found = {}
    for work in planned:
        success = Success(frozenset(work["success"]["exit_codes"]), work["success"]["prints"])
        text = work["text"]
        if told := [*objections(text), *success_objections(text, success)]:
            found[text] = told
    assert found == {}


def test_a_change_that_may_be_sent_again_names_its_proof(planned: list[dict[str, Any]]) -> None:
    again = [work["again"]["proof"] for work in planned if work["again"]]
    assert again
    assert [told for proof in again for told in objections(proof)] == []
    moves = [work for work in planned if "move " in work["text"]]
    assert [work["text"] for work in moves if not work["again"]] == []


def beside_plans(tmp_path: Path) -> Iterator[Command]:
    """Commands of rules, of locks and of readings: what no plan shows word for word."""
    world = World(tmp_path, vvb=True)
    cvp, vvb = world.site.hosts[CVP], world.site.managed[VVB]
    assert isinstance(cvp, CvpHost)
    yield from COMMANDS
    yield from (locks._make(cvp, "r1"), locks._rename(cvp, "r0", "r1"), locks._look(cvp))
    yield from (locks._remove(cvp, "r1"), locks._remove_unnamed(cvp))
    assert isinstance(vvb, VvbServer)
    note = RestartNote(world.site, vvb)
    yield from (note.due(("s",)), note.done())
    yield from (services.configuration("h", "a b"), services.dependents("h", "a b"), services.query("h", "a b"))
    yield from (footing.look(cvp.store), footing.folders_of(cvp.store, r"%CVP_HOME%\jre"))
    yield from (folders.show("h", "JAVA_HOME"), folders.short_names("h", [r"C:\PROGRA~2\a b", r"C:\x (x86)"]))
    yield from traces.restoration(cvp.store, "s")
    yield cvp.store.presented_here(["a.example.com:443", "b.example.com:8443"])


def test_the_lines_that_no_plan_shows_are_taken_in_one_way_too(tmp_path: Path) -> None:
    found = {}
    for command in beside_plans(tmp_path):
        told = [
            *objections(command.text),
            *success_objections(command.text, command.success),
            *change_objections(command),
        ]
        if told:
            found[command.text] = told
    assert found == {}


BROKEN = {
    '"C:\\x.exe" a': "at sign",
    '@xcopy "a" "b\\" /y': "backslash before a quote",
    '@xcopy "a" "b" /y': "xcopy's switches come first",
    '@echo %X%> "note"': "redirection behind echo",
    '@mkdir "a" 2>nul & echo x>>"a\\b" && echo noted': "redirection behind echo",
    '@certutil -hashfile x SHA256> "a"': "digit before a redirection",
    '@if not exist "a" echo 1> "b"': "redirection behind echo",
    "@type %X%\\a": "value without quotes",
    '@type "a': "other half",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_line_that_leans_on_a_reading_is_found(text: str) -> None:
    assert any(BROKEN[text] in told for told in objections(text))


@pytest.mark.parametrize(
    "command, told",
    [
        (Command("h", "@echo a & echo b", "p"), "0 and 1 must both do"),
        (Command("h", "@a & b", "p", changes=True, success=Success(frozenset({0, 1}))), "a word must be printed"),
        (Command("h", '@del "a" && echo gone', "p", changes=True), "whatever it did"),
    ],
)
def test_a_success_that_leans_on_a_reading_is_found(command: Command, told: str) -> None:
    found = [*success_objections(command.text, command.success), *change_objections(command)]
    assert [told in one for one in found] == [True]
