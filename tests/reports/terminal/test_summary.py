from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.evidence import RunRecord, Verdict, When
from reports.journal.collected import Outcome, Told
from reports.terminal import matrix, summary
from tests.reports import sample

RUN = sample.run(Path("out"))
LONG = "aw1.pcce.example.com cvp1_wsm - presence - expected in the trust store of the tomcat service, found absent"


def text(*told: Told, warnings: tuple[tuple[str, str], ...] = (), width: int = 80) -> str:
    return "\n".join(line.text for line in summary.lines(RUN, told, warnings, width))


def told(outcome: Outcome, host: str = sample.CVP, step: str = "1.1.iii", reason: str = "", **other: object) -> Told:
    return Told(step, "Generate certificates", host, outcome, reason, **other)  # type: ignore[arg-type]


def test_a_run_in_which_all_went_well_is_told_in_a_line() -> None:
    assert text(told(Outcome.DONE), told(Outcome.DONE), told(Outcome.NOTHING)) == (
        "Vienna CHG0012345: 2 steps done, 1 nothing to do"
    )


def test_what_went_wrong_comes_first_with_its_reason() -> None:
    lines = text(
        told(Outcome.DONE),
        told(Outcome.BLOCKED, "aw1.x", "1.2.c", "Blocked: 1.1.iii failed"),
        told(Outcome.BLOCKED, "aw2.x", "1.2.c", "Blocked: 1.1.iii failed"),
        told(Outcome.UNKNOWN, reason="no answer in 60 s"),
        told(Outcome.FAILED, reason=LONG),
        warnings=(("", "the lock was released late"), ("", "the lock was released late")),
    )
    assert (
        lines
        == """\
Vienna CHG0012345: NOT COMPLETE: 1 step done, 2 blocked, 1 could not find out, 1
  failed
Wrong state:
  1.1.iii Generate certificates: cvp1.pcce.example.com
      aw1.pcce.example.com cvp1_wsm - presence - expected in the trust store of
        the tomcat service, found absent
Could not find out:
  1.1.iii Generate certificates: cvp1.pcce.example.com
      no answer in 60 s
Blocked:
  1.2.c Generate certificates: aw1.x, aw2.x
      Blocked: 1.1.iii failed
Warnings:
  the lock was released late (2 times)"""
    )


def test_no_line_is_wider_than_the_terminal() -> None:
    exporters = [f"exporter-with-a-long-name-{n}.pcce.example.com" for n in range(30)]
    edges = tuple(sample.edge(exporter=host, importer=f"i{n}.{host}") for n, host in enumerate(exporters))
    many = [told(Outcome.FAILED, f"host{n}.pcce.example.com", reason=LONG, edges=edges) for n in range(30)]
    for width in (80, 100):
        assert max(map(len, text(*many, width=width).splitlines())) <= width


def test_nothing_run_is_said() -> None:
    assert text() == "Vienna CHG0012345: no step was run"


def test_colours_follow_the_worst() -> None:
    def first(*outcomes: Outcome) -> object:
        return summary.lines(RUN, [told(outcome) for outcome in outcomes])[0].markup

    assert first(Outcome.DONE) == {"green": True}
    assert first() == {"yellow": True}
    assert first(Outcome.UNKNOWN) == first(Outcome.FAILED) == first(Outcome.DONE, Outcome.BLOCKED) == {"red": True}


CHANGE, VERIFY = sample.run(Path("out")), sample.run(Path("out"), kind="verify", change="")
NOT_COMPLETE = {
    "all well": (CHANGE, [Outcome.DONE, Outcome.NOTHING], False, False),
    "blocked": (CHANGE, [Outcome.DONE, Outcome.BLOCKED], False, True),
    "failed": (CHANGE, [Outcome.FAILED], False, True),
    "blocked in the latest run alone": (CHANGE, [Outcome.DONE], True, True),
    "a rehearsal": (sample.run(Path("out"), kind="rehearsal", change=""), [Outcome.BLOCKED], False, True),
    "a verification completes nothing": (VERIFY, [Outcome.FAILED, Outcome.BLOCKED], False, False),
}


@pytest.mark.parametrize("run, outcomes, unfinished, said", NOT_COMPLETE.values(), ids=NOT_COMPLETE)
def test_the_first_line_says_that_a_change_is_not_complete(
    run: RunRecord,
    outcomes: list[Outcome],
    unfinished: bool,  # noqa: FBT001
    said: bool,  # noqa: FBT001
) -> None:
    lines = summary.lines(run, [told(outcome) for outcome in outcomes], unfinished=unfinished)
    assert ("NOT COMPLETE" in lines[0].text) is said


def test_the_matrix_shows_the_worst_of_the_edges_between_two_hosts() -> None:
    edges = [
        sample.edge(),
        sample.edge(Verdict.FAILS, kind="IIS"),
        sample.edge(Verdict.UNKNOWN, exporter="aw2.pcce.example.com"),
        sample.edge(Verdict.NOT_IN_USE, exporter="aw2.pcce.example.com", importer=sample.CVP),
        sample.edge(Verdict.HOLDS, exporter=sample.AW, importer=sample.CVP),
        sample.edge(Verdict.FAILS, exporter=sample.AW, importer=sample.CVP, when=When.BEFORE),
    ]
    assert matrix.lines(edges) == [
        "Trust: importers down, exporters across",
        "                                  1    2    3",
        "  aw1                                  ? FAIL",
        "  cvp1                           ok  n/u",
        "  1 aw1  2 aw2  3 cvp1",
        "  (all under pcce.example.com)",
        "  (? could not find out, n/u not in use)",
    ]


def test_without_a_judgement_after_the_change_the_matrix_shows_what_was_found() -> None:
    assert matrix.lines([sample.edge(when=When.BEFORE)])[0].startswith("Trust before the change:")
    assert matrix.lines([]) == []


def test_many_columns_are_wrapped() -> None:
    edges = [sample.edge(exporter=f"e{n:02}", importer="i") for n in range(25)]
    lines = matrix.lines(edges, 80)
    assert [line.split()[0] for line in lines[1:5]] == ["1", "i", "10", "i"]
    assert "25 e24" in "\n".join(lines)
    assert max(map(len, lines)) <= 80


def test_of_very_many_importers_only_those_with_a_finding_are_shown() -> None:
    edges = [sample.edge(importer=f"i{n:03}") for n in range(300)]
    lines = matrix.lines([*edges, sample.edge(Verdict.FAILS, importer="i007")])
    assert len(lines) < 8
    assert "  299 more importers: nothing amiss" in lines


@pytest.mark.parametrize(
    ("host", "shown"), [("a" * 28, "a" * 28), (f"{'a' * 20}{'b' * 20}", f"{'a' * 13}..{'b' * 13}")]
)
def test_a_long_name_keeps_both_ends(host: str, shown: str) -> None:
    assert matrix.lines([sample.edge(importer=host, exporter="x")])[2].split()[0] == shown
