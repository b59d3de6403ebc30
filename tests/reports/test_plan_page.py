"""plan.html: what a board reads of a plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reports import render
from reports.journal import history
from reports.journal.chains import run_folders
from reports.plan import page
from tests.reports import changes, plans
from tests.reports.changes import AW, CVP_A, CVP_B
from tests.reports.outline import compare, outline

# Only the one that is a Windows server, is logged in to, and has no way of its own.
OVER_HTTP = [
    {"fqdn": CVP_A, "role": "cvp", "winrm": {"scheme": "http"}},
    {"fqdn": CVP_B, "role": "cvp", "winrm": {"scheme": "https"}},
    {"fqdn": AW, "role": "ads", "managed": False, "winrm": {"scheme": "http"}},
    {"fqdn": plans.VVB, "role": "vvb", "winrm": {"scheme": "http"}},
]


def made(folder: Path) -> bytes:
    found = page.made(folder, [history.of(run) for run in run_folders(folder)])
    assert found is not None
    return found


@pytest.fixture
def out(tmp_path: Path) -> Path:
    plans.written(tmp_path / "CHG2")
    return tmp_path


def test_a_plan_has_the_structure_that_somebody_has_looked_at(out: Path) -> None:
    plans.history_of_the_site(out)
    assert render.main([str(out / "CHG1"), "--no-report"]) == 0  # leaves what it has measured
    compare("plan", made(out / "CHG2"))


def test_without_earlier_runs_the_plan_says_what_is_not_known(out: Path) -> None:
    text = outline(made(out / "CHG2"))
    assert "not all of them were measured in an earlier run" in text
    assert "When that is, nobody has looked" in text
    assert "| callserver | at once: calls in progress are dropped | not measured" in text
    assert "| callserver | calls end first, for 30 min 00 s at most (counted while they go down) | not measured" in text
    assert "fits into the window" not in text


@pytest.mark.parametrize(
    "inventory, said",
    [
        ({"change": None}, "nothing keeps a restart from beginning at any time"),
        ({"change": None}, "The inventory names nobody"),
        ({"change": {"window": {"begin": "2026-11-22 22:00:00+01:00", "end": "2026-11-22 22:00:10+01:00"}}}, "NOT fit"),
        ({"change": {"window": {"begin": "2026-11-22 22:00:00+01:00", "end": "2026-11-22 22:30:00+01:00"}}}, "NOT fit"),
        ({"change": {"window": {"begin": "soon"}, "contacts": "Ada", "abort_if": "x"}}, "The inventory names nobody"),
        (
            {"winrm": {"scheme": "http"}},
            f"Reached over WinRM http: {AW}, {CVP_A}, {CVP_B}. Only answers that are sealed",
        ),
        ({"hosts": OVER_HTTP}, f"Reached over WinRM http: {CVP_A}. Only answers that are sealed"),
        ({"certificate": {"renew": "all"}}, "Every one of them is made anew"),
        ({"hosts": "none"}, "Nobody is known to hold these certificates"),
    ],
)
def test_what_the_inventory_says_decides(tmp_path: Path, inventory: dict[str, Any], said: str) -> None:
    plans.history_of_the_site(tmp_path)
    assert render.main([str(tmp_path / "CHG1"), "--no-report"]) == 0
    plans.written(tmp_path / "CHG2", **inventory)
    assert said in outline(made(tmp_path / "CHG2"))


def test_a_step_that_could_not_be_planned_is_told_first(out: Path) -> None:
    book = changes.Book(out / "CHG2", "20261122T113000Z-plan", kind="plan", change="")
    book.step("4.2", CVP_A, phase="stage", outcome="could not find out", said="its CA file cannot be read")
    book.end()
    lines = outline(made(out / "CHG2")).splitlines()
    found = next(number for number, line in enumerate(lines) if line.startswith("incomplete Of these steps"))
    assert lines[found + 1] == f"- its CA file cannot be read 4.2 A step: {CVP_A}"
    assert found < lines.index("## Scope")


def test_what_was_observed_is_listed_for_the_board(tmp_path: Path) -> None:
    plans.written(tmp_path / "CHG2", plans.observed())
    html = made(tmp_path / "CHG2")
    text = outline(html)
    assert "Certificates that are imported as they are: 4" in text
    assert "the first to do so is WSM of cvpa.example.com, on 2027-11-01 (as seen for this plan)" in text
    assert "Nobody has looked" not in text
    assert "--approved-plan=HASH --host=cvp* --host=vvb1 --keep-going\n" in text
    begin = html.index(b'<section aria-labelledby="trusted"')
    compare("plan-trusted", b"<body>%b</body>" % html[begin : html.index(b"</section>", begin)])


ENDS = f"{plans.VVB} | {CVP_A} | VXML | 1.4.iii Activate the keystore and restart the CVP services {CVP_A} (wave 1)"
UNSEEN, SEEN = "as far as they work now: 2.", "Trusts that work now and do not for a while on the way: 1."
NONE = "No trust that works now ends on the way."


@pytest.mark.parametrize(
    "seen, said, rows",
    [(None, UNSEEN, 2), (plans.gaps()[:1], SEEN, 1), ([], NONE, 0)],
    ids=["nobody has looked", "one works now", "none works now"],
)
def test_in_the_documents_order_a_plan_names_each_trust_that_does_not_work_for_a_while(
    tmp_path: Path, seen: list[dict[str, Any]] | None, said: str, rows: int
) -> None:
    plans.documented(tmp_path / "CHG2", None if seen is None else {**plans.observed(), "gaps": seen})
    text = outline(made(tmp_path / "CHG2"))
    impact = text.partition("## Risk")[0]
    assert said in impact
    assert "A trust that works now works at every moment" not in text
    assert "restarts once" not in text
    assert "so that it may restart several times" in impact
    table = text.partition("## Trusts that do not work for a while\n")[2].partition("\n## ")[0]
    assert table.count(f"x2.4 Upload and restart {plans.VVB} (wave 2)") == rows
    assert (ENDS in table) is bool(rows)
    assert (said in table) or rows


def test_where_a_plan_could_not_look_everywhere_it_names_all_that_may_end(tmp_path: Path) -> None:
    unknown = [{"host": CVP_A, "what": "its port 443 is closed", "remedy": "Start W3SVC."}]
    plans.documented(tmp_path / "CHG2", {**plans.observed(), "gaps": [], "unknown": unknown})
    assert UNSEEN in outline(made(tmp_path / "CHG2"))


@pytest.mark.parametrize("language, said", [("zh", "暂时无效的信任关系"), ("ja", "一時的に成立しない信頼関係")])
def test_the_trusts_that_end_are_told_in_the_language_of_the_board(tmp_path: Path, language: str, said: str) -> None:
    plans.documented(tmp_path / "CHG2")
    html = page.made(tmp_path / "CHG2", [history.of(run) for run in run_folders(tmp_path / "CHG2")], language)
    assert html is not None
    assert f"## {said}\n" in outline(html)
    assert "do not work" not in outline(html)


def test_a_plan_in_the_usual_order_has_no_such_heading(out: Path) -> None:
    assert "do not work for a while" not in outline(made(out / "CHG2"))


def test_a_plan_that_could_not_look_everywhere_says_so_where_it_lists_what_it_has_seen(tmp_path: Path) -> None:
    unknown = [{"host": CVP_A, "what": "its port 443 is closed", "remedy": "Start W3SVC."}]
    plans.written(tmp_path / "CHG2", {"unknown": unknown})
    lines = outline(made(tmp_path / "CHG2")).splitlines()
    start = lines.index("## What this change makes others trust")
    assert lines[start + 1 : start + 5] == [
        "incomplete Not found out",
        "This plan is incomplete: nothing can be sent under it. Mend this and make it again.",
        f"- {CVP_A}: its port 443 is closed. Start W3SVC.",
        "None.",
    ]


def test_the_plan_of_a_way_back_does_not_offer_itself_as_its_way_back(tmp_path: Path) -> None:
    plans.written(tmp_path / "CHG2")
    path = tmp_path / "CHG2" / "plan.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["steps"] = [plans.share("r.3", "Back", CVP_B, plans.restart(CVP_B, "callserver"), "activate", 1)]
    path.write_text(json.dumps(content), encoding="utf-8")
    text = outline(made(tmp_path / "CHG2"))
    assert text.startswith("# Plan of the way back of CHG2\n")
    assert "The change itself is run again." in text
    assert "runbook/rollback" not in text


@pytest.mark.parametrize(
    "text", ["", "[]", '{"hash": 1}', '{"hash": "x", "version": "1", "inventory": [], "steps": 3}']
)
def test_a_file_that_is_no_plan_keeps_no_other_document_from_being_made(
    out: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "CHG2" / "plan.json").write_text(text, encoding="utf-8")
    assert render.main([str(out / "CHG2"), "--no-report"]) == 1
    assert "plan.html not made: " in capsys.readouterr().out
    assert (out / "CHG2" / "summary.txt").is_file()


def test_the_plan_is_named_at_the_end(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render.main([str(out / "CHG2"), "--no-report"]) == 0
    assert f"Plan: {out / 'CHG2' / 'plan.html'}\n" in capsys.readouterr().out
    assert not (out / "CHG2" / "change-record.html").exists()
