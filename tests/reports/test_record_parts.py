"""The parts of a change record: how a change stands, who trusts whom, which certificates, what is left on hosts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import reports
from fixtures.evidence import CertificateRecord, EdgeRecord, ListingRecord, Verdict, When
from fixtures.facts.leaves import leaf_record
from reports.journal import history
from reports.journal.chains import run_folders
from reports.journal.parts import parts
from reports.pages.wording import words
from reports.record.deviations import deviations
from reports.record.leaves import LONGEST, WIDTH, Certificate, certificates, time_line
from reports.record.left import left
from reports.record.story import State, Story
from reports.record.trust import COLUMNS, Trust, pictures, trusts
from tests.checks import made
from tests.checks.odd import KINDS
from tests.reports import changes, sample
from tests.reports.changes import AW, CVP_A, CVP_B, FIRST, SECOND, Book, edge, new, old, shaken, store_of

Step = tuple[str, str, str]  # id, host, outcome
A, B = ("1.4.iii", CVP_A), ("1.4.iii", CVP_B)
BACK: list[Step] = [("r.3", CVP_A, "done"), ("r.5", CVP_A, "done")]


def written(site: Path, run: str, steps: list[Step], *, tests: int = 0, end: int | None = 0, **facts: object) -> None:
    book = Book(site, run, **facts)
    book.say("collected", tests=tests or len(steps), names={})
    for number, host, outcome in steps:
        book.step(number, host, outcome=outcome, phase="look" if number.startswith("0.") else "stage")
    book.end(end)


def story_of(site: Path) -> Story:
    story = Story.of([history.of(run) for run in run_folders(site)])
    assert story is not None
    return story


# the runs (their steps, how many there were to be, pytest's exit code), how the change stands, what was first
Runs = list[tuple[list[Step], int, int | None]]
CASES: dict[str, tuple[Runs, State, tuple[str, str] | None]] = {
    "all done": ([([(*A, "done"), (*B, "nothing to do")], 2, 0)], State.DONE, None),
    "nothing to do": ([([(*A, "nothing to do")], 1, 0)], State.NOTHING, None),
    "a failure": ([([(*A, "failed"), (*B, "blocked")], 2, 1)], State.FAILED, A),
    "a block comes before what fails by it": (
        [([(*A, "blocked"), ("v1.trust", CVP_B, "failed")], 2, 1)],
        State.FAILED,
        A,
    ),
    "not known": ([([(*A, "could not find out"), (*B, "blocked")], 2, 1)], State.UNKNOWN, A),
    "blocked": ([([(*A, "done"), (*B, "blocked")], 2, 1)], State.BLOCKED, B),
    "killed": ([([(*A, "done")], 2, None)], State.INTERRUPTED, None),
    "stopped by the operator": ([([(*A, "done"), (*B, "blocked")], 2, 2)], State.INTERRUPTED, B),
    "a failure that was mended": ([([(*A, "failed")], 1, 1), ([(*A, "done")], 1, 0)], State.DONE, None),
    "a failure that is no more": ([([(*A, "failed")], 1, 1), ([(*A, "nothing to do")], 1, 0)], State.NOTHING, None),
    "killed and finished": (
        [([(*A, "done")], 2, None), ([(*A, "nothing to do"), (*B, "done")], 2, 0)],
        State.DONE,
        None,
    ),
    "killed, then only a part": ([([(*A, "done")], 2, None), ([(*A, "nothing to do")], 1, 0)], State.INTERRUPTED, None),
    "done, then a part failed": ([([(*A, "done"), (*B, "done")], 2, 0), ([(*B, "failed")], 1, 1)], State.FAILED, B),
    "done, then blocked": ([([(*A, "done")], 1, 0), ([(*A, "blocked")], 1, 1)], State.BLOCKED, None),
    "taken back": ([([(*A, "failed")], 1, 1), (BACK, 2, 0)], State.ROLLED_BACK, None),
    "killed and taken back": ([([(*A, "done")], 3, None), (BACK, 2, 0)], State.ROLLED_BACK, None),
    "the way back was not gone to its end on its host": (
        [([(*A, "failed")], 1, 1), ([("r.3", CVP_A, "done")], 1, 0)],
        State.FAILED,
        A,
    ),
    "another host has not gone back": ([([(*A, "done"), (*B, "failed")], 2, 1), (BACK, 2, 0)], State.FAILED, B),
    "a finding of section 0 is no state of a change that was taken back": (
        [([("0.4", CVP_B, "failed")], 1, 1), (BACK, 2, 0)],
        State.ROLLED_BACK,
        None,
    ),
    "the way back failed": ([([(*A, "done")], 1, 0), ([("r.3", CVP_A, "failed")], 1, 1)], State.FAILED, ("r.3", CVP_A)),
    "the way back was killed": ([([(*A, "done")], 1, 0), ([("r.3", CVP_A, "done")], 2, None)], State.INTERRUPTED, None),
    "taken back and done again": (
        [([(*A, "done")], 1, 0), ([("r.3", CVP_A, "done")], 1, 0), ([(*A, "done")], 1, 0)],
        State.DONE,
        None,
    ),
}


@pytest.mark.parametrize("runs, state, first", CASES.values(), ids=CASES)
def test_how_a_change_stands(tmp_path: Path, runs: Runs, state: State, first: tuple[str, str] | None) -> None:
    for number, (steps, tests, end) in enumerate(runs):
        written(tmp_path, f"20261122T12{number:02}00Z-change", steps, tests=tests, end=end)
    story = story_of(tmp_path)
    wrong = story.first_wrong
    assert story.state is state
    assert (wrong and (wrong.told.step, wrong.told.host)) == first


def test_a_plan_among_the_runs_changes_nothing_but_their_numbers(tmp_path: Path) -> None:
    written(tmp_path, "20261122T110000Z-plan", [(*A, "planned")], kind="plan")
    written(tmp_path, FIRST, [(*A, "done")])
    story = story_of(tmp_path)
    assert (len(story.runs), story.number(story.last), story.state) == (1, 2, State.DONE)


def test_a_verification_is_one_if_nothing_else_was_to_be_done(tmp_path: Path) -> None:
    changes.verification(tmp_path)
    assert story_of(tmp_path).verifies
    written(tmp_path, SECOND, [(*A, "done")])
    assert not story_of(tmp_path).verifies


# -- trust -------------------------------------------------------------------------------------------------------------


def judged(tmp_path: Path, *records: EdgeRecord) -> list[Trust]:
    book = Book(tmp_path)
    book.step("0.5", CVP_A, *records)
    book.end()
    return trusts(parts([history.of(run) for run in run_folders(tmp_path)]))


def test_of_each_trust_the_first_verdict_before_and_the_last_after_counts(tmp_path: Path) -> None:
    (trust,) = judged(
        tmp_path,
        edge(CVP_A, Verdict.FAILS, When.BEFORE),
        edge(CVP_A, Verdict.FAILS, When.AFTER, "not yet"),
        edge(CVP_A, Verdict.HOLDS, When.BEFORE),
        edge(CVP_A, Verdict.HOLDS),
    )
    assert (trust.before, trust.after, trust.messages) == (Verdict.FAILS, Verdict.HOLDS, ())


def trust(importer: str, exporter: str, after: Verdict | None = Verdict.HOLDS, kind: str = "WSM") -> Trust:
    return Trust(importer, exporter, kind, "1.2.c", exporter, "", "", None, after, ())


def test_a_cell_is_the_worst_of_its_trusts() -> None:
    every = [trust("a.x.com", "b.x.com"), trust("a.x.com", "b.x.com", Verdict.UNKNOWN, "IIS")]
    found = pictures(every)
    (picture,) = found.parts
    ((_, (cell,)),) = picture.rows
    assert cell is not None
    assert (cell.after, cell.kinds, found.domain, found.has_before) == (
        Verdict.UNKNOWN,
        ("WSM", "IIS"),
        ".x.com",
        False,
    )


def test_a_wide_table_becomes_several_pictures_of_the_same_width() -> None:
    every = [trust("a.x.com", f"e{number:03}.x.com", Verdict.FAILS) for number in range(COLUMNS * 2 + 1)]
    widths = [len(part.exporters) for part in pictures(every).parts]
    assert len(widths) == 3
    assert sum(widths) == len(every)
    assert max(widths) - min(widths) <= 1


def test_of_many_importers_only_those_with_a_finding_are_drawn() -> None:
    every = [trust(f"i{number:03}.x.com", "e.x.com") for number in range(60)]
    every[7] = trust("i007.x.com", "e.x.com", Verdict.FAILS)
    found = pictures(every)
    assert [name for part in found.parts for name, _ in part.rows] == ["i007.x.com"]
    assert found.left_out == 59
    assert pictures([]).parts == ()


def test_of_many_exporters_only_those_with_a_finding_are_drawn() -> None:
    every = [trust("i.x.com", f"e{number:03}.x.com") for number in range(60)]
    every[7] = trust("i.x.com", "e007.x.com", Verdict.UNKNOWN)
    found = pictures(every)
    assert [part.exporters for part in found.parts] == [("e007.x.com",)]
    assert (found.left_out, found.columns_left_out, found.domain) == (0, 59, ".x.com")


def test_no_cell_depends_on_its_colour() -> None:
    """Every combination of ink and ground in the pictures meets WCAG's 4.5 to 1."""
    template = (Path(reports.__file__).parent / "templates" / "trust.svg").read_text(encoding="utf-8")
    pairs = re.findall(r'\("(#[0-9a-f]{6})", "(#[0-9a-f]{6})", "#', template)
    assert len(pairs) == 8

    def light(colour: str) -> float:
        parts_ = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts_)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for ground, ink in pairs:
        darker, lighter = sorted((light(ground), light(ink)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ground, ink)


# -- certificates ------------------------------------------------------------------------------------------------------


def stored(when: When, name: str, host: str = CVP_A, alias: str = "wsm_certificate") -> CertificateRecord:
    return sample.certificate(when, made.certificate(name, dns=()).pem, host=host, subject=alias)


def looked(site: Path, *steps: tuple[str, str, list[changes.Told]]) -> list[Certificate]:
    book = Book(site)
    for number, phase, records in steps:
        book.step(number, CVP_A, *records, phase=phase)
    book.end()
    return certificates(parts([history.of(run) for run in run_folders(site)]))


def test_a_certificate_is_what_its_ports_presented_first_and_last(tmp_path: Path) -> None:
    before, between = shaken(CVP_A, old(CVP_A)), shaken(CVP_A, old(CVP_A), 8101)
    after = shaken(CVP_A, new(CVP_A))
    closed = sample.handshake(8111, host=CVP_A, kind="WSM", leaf=None)
    (row,) = looked(tmp_path, ("0.5", "look", [before, between]), ("v1", "verify", [after, closed]))
    assert (row.host, row.kind, row.ports, row.fate) == (CVP_A, "WSM", (8101, 8111), "replaced")
    assert (row.before, row.after) == (old(CVP_A), new(CVP_A))


@pytest.mark.parametrize("kind", ["Latin-1 in a UTF8String", "version 4", "an end that is none", "no month 99"])
def test_a_certificate_that_strict_parsers_refuse_is_told_as_any_other(tmp_path: Path, kind: str) -> None:
    one = KINDS[kind].certificate
    told = sample.certificate(When.BEFORE, one.pem, host=CVP_A, leaf=leaf_record(one))
    (row,) = looked(tmp_path, ("0.3", "look", [told]), ("v1", "verify", [stored(When.AFTER, "new")]))
    assert row.fate == "replaced"
    assert row.before == leaf_record(one)
    assert time_line([replace(row, after=row.before)], sample.NOON) is not None


def test_what_is_only_staged_is_not_there_yet(tmp_path: Path) -> None:
    book = Book(tmp_path / "elsewhere")
    (row,) = looked(
        tmp_path,
        ("0.3", "look", [stored(When.BEFORE, "old")]),
        ("1.1.iii", "stage", [*book.staged(CVP_A), stored(When.AFTER, "new")]),
        ("1.4.iii", "activate", [stored(When.AFTER, "new"), *book.activated(CVP_A, worked=False, exit_code=1)]),
    )
    assert row.fate == "kept"  # a gate has told what is to come, and its activation has failed
    assert row.before is not None
    assert row.before.subject == "O=Example,CN=old"


def test_what_was_staged_is_there_once_it_was_activated_whatever_failed_after_that(tmp_path: Path) -> None:
    book = Book(tmp_path / "elsewhere")
    (row,) = looked(
        tmp_path,
        ("0.3", "look", [stored(When.BEFORE, "old")]),
        ("1.1.iii", "stage", [*book.staged(CVP_A), stored(When.AFTER, "new")]),
        ("1.4.iii", "activate", [*book.activated(CVP_A)]),
    )
    assert (row.fate, row.after and row.after.subject) == ("replaced", "O=Example,CN=new")


def test_what_no_port_presents_is_told_by_its_store_and_goes_back_with_it(tmp_path: Path) -> None:
    moved = Book(tmp_path / "elsewhere").activated(CVP_A)
    evidence: list[changes.Told] = [stored(When.BEFORE, "old"), *moved, stored(When.AFTER, "new")]
    (row,) = looked(tmp_path / "a", ("1.4.iii", "activate", evidence))
    assert (row.kind, row.ports, row.fate) == ("wsm_certificate", (), "replaced")
    (row,) = looked(tmp_path / "b", ("1.4.iii", "activate", evidence), ("r.3", "activate", []))
    assert row.fate == "kept"
    no_certificate = sample.certificate(When.BEFORE, "none at all")
    assert looked(tmp_path / "c", ("0.3", "look", [no_certificate])) == []


def certificate(days: int, fate: str = "kept", name: str = "a") -> Certificate:
    leaf = replace(sample.leaf(days, name, f"{abs(days) % 256:02X}"), not_before=sample.NOON - timedelta(days=400))
    before = {"kept": leaf, "replaced": sample.leaf(1, name, "FF"), "new": None}[fate]
    return Certificate(name, "WSM", (), before, leaf)


def test_the_time_line_has_the_first_to_expire_on_top_and_stays_within_its_width() -> None:
    line = time_line([certificate(900, "replaced"), certificate(-3), certificate(40_000)], sample.NOON)
    assert line is not None
    assert [bar.days for bar in line.bars] == [-3, 900, 40_000]
    assert all(0 <= bar.begin <= bar.end <= WIDTH for bar in line.bars)
    assert [bar.before is not None for bar in line.bars] == [False, True, False]
    assert 0 < line.today < WIDTH
    assert [year for year, _ in line.years] == list(range(2027, 2039))
    assert time_line([], sample.NOON) is None


def test_a_long_time_line_leaves_out_what_expires_last_but_nothing_new() -> None:
    rows = [certificate(100 + number, name=str(number)) for number in range(LONGEST + 9)]
    line = time_line([*rows, certificate(2000, "replaced")], sample.NOON + timedelta(days=1))
    assert line is not None
    assert (len(line.bars), line.left_out) == (LONGEST + 1, 9)


# -- what is left on hosts ---------------------------------------------------------------------------------------------


def test_what_a_change_has_left_on_its_hosts(tmp_path: Path) -> None:
    folder, tidied = r"%CVP_HOME%\conf\runbook-%RUNBOOK_CHANGE%", r"%CVP_HOME%\conf\runbook-tidied-x.txt"
    note = r"%CVP_HOME%\conf\runbook-restart-vvb1.txt"
    book = Book(tmp_path)
    book.step(
        "1.1.pre.2",
        CVP_A,
        book.command(CVP_A, f'@mkdir "{folder}\\staged" && echo created'),
        book.command(CVP_A, f'@echo x> "{tidied}" && echo noted'),
        book.command(CVP_A, f'@echo x> "{note}" && echo noted'),
        book.command(CVP_A, f'@del /f /q "{note}" 2>nul & echo forgotten'),
        book.command(CVP_B, f'@mkdir "{folder}" && echo created', worked=False),
        book.command("vvb1", "cmplatform upload tomcat-trust <- x.pem", "bring it the certificate of x"),
        phase="activate",
    )
    store, staged = changes.STORE, store_of(CVP_B).staged
    before = ListingRecord(CVP_B, store, When.BEFORE, ("a", "b"))
    coming = ListingRecord(CVP_B, staged, When.AFTER, ("b", "c"))
    book.step("1.1.ii", CVP_B, before, *book.staged(CVP_B), coming, phase="stage")
    book.step("1.4.iii", CVP_B, *book.activated(CVP_B), phase="activate", outcome="failed")
    for number, host in (("1.1.ii", AW), ("1.4.iii", AW)):  # only staged: nothing in use has changed
        listed = [replace(one, host=host, store=store_of(host).live) for one in (before, coming)]
        book.step(number, host, *listed, phase="stage")
    book.end()
    run = history.of(tmp_path / "runs" / FIRST)
    found = {one.host: one for one in left(parts([run]), [run])}
    assert list(found) == [CVP_A, CVP_B, "vvb1"]
    assert list(found[CVP_A].paths) == [folder, tidied]
    assert found[CVP_B].stores == {store: (["c"], ["a"])}, "its activation has worked, whatever came after that"
    assert list(found["vvb1"].brought) == ["bring it the certificate of x"]


def test_after_the_way_back_nothing_of_it_is_told_as_being_there(tmp_path: Path) -> None:
    book = Book(tmp_path)
    lines = {When.BEFORE: ("a", "b"), When.AFTER: ("b", "c")}
    listings = [ListingRecord(CVP_A, changes.STORE, when, told) for when, told in lines.items()]
    book.step("1.4.iii", CVP_A, *book.staged(CVP_A), *book.activated(CVP_A), *listings, phase="activate")
    book.step("x2.4", "vvb1", book.command("vvb1", "cmplatform upload tomcat-trust <- x.pem"), phase="activate")
    changes.rolls_back(book, CVP_A)
    book.step("r.3.vvb", "vvb1", book.command("vvb1", "cmplatform upload tomcat-trust <- y.pem"), phase="activate")
    book.end()
    run = history.of(tmp_path / "runs" / FIRST)
    (one,) = left(parts([run]), [run])
    assert (one.host, one.stores) == (CVP_A, {changes.STORE: ([], [])})
    assert one.paths, "the folder of the change is there still"


@pytest.mark.parametrize(
    "said, kept",
    [
        ([("@mkdir {} && echo locked", "locked", 0)], True),
        ([("@mkdir {} && echo locked", "", 1)], False),  # another run was faster
        ([("@mkdir {} && echo locked", "locked", 0), ("@rmdir /s /q {} && echo released", "released", 0)], False),
        ([("@mkdir {} && echo locked", "locked", 0), ("@rmdir /s /q {} && echo released", "denied", 5)], True),
        ([("@move {0} {0} >nul && echo locked", "locked", 0)], True),  # taken over
    ],
    ids=["taken", "not taken", "given back", "not given back", "taken over"],
)
def test_a_lock_that_was_not_given_back_is_told(tmp_path: Path, said: list[tuple[str, str, int]], kept: bool) -> None:  # noqa: FBT001
    lock = r"%CVP_HOME%\conf\runbook-lock"
    book = Book(tmp_path)
    for text, printed, code in said:  # between the steps
        sent = book.command(CVP_A, text.format(f'"{lock}"'), stdout=printed, exit_code=code)
        book.say("command", record=sent)
    book.end()
    run = history.of(tmp_path / "runs" / FIRST)
    assert [list(one.locks) for one in left([], [run])] == ([[lock]] if kept else [])


# -- the way back ------------------------------------------------------------------------------------------------------


def of_the_way_back(site: Path, *hosts: str, failed: str = "") -> tuple[Story, dict[str, list[str]]]:
    """A change that failed on both sides, taken back on these hosts; and what of its deviations stands."""
    changes.failed_on_side_a(site)
    book = Book(site, SECOND)
    changes.rolls_back(book, *hosts)
    if failed:
        book.step("r.5", failed, phase="verify", outcome="failed", said="it is not as before")
    book.end()
    story = story_of(site)
    groups = deviations(story, words(), [])
    stands = {group.name: [one.where for one in group.deviations if not one.settled] for group in groups}
    return story, {
        name: where for name, where in stands.items() if where and name not in ("options", "accepted", "plan")
    }


def test_nothing_stands_that_the_way_back_has_settled(tmp_path: Path) -> None:
    story, stands = of_the_way_back(tmp_path, CVP_A, CVP_B, AW)
    assert story.state is State.ROLLED_BACK
    assert stands == {}
    assert story.stopped == []
    assert {(one.exporter, one.after) for one in story.trusts} == {(CVP_A, Verdict.HOLDS), (CVP_B, Verdict.FAILS)}


def test_what_the_way_back_has_not_settled_stands(tmp_path: Path) -> None:
    story, stands = of_the_way_back(tmp_path, CVP_B)
    assert story.state is State.FAILED
    title = "1.4.iii Activate the keystore and restart the CVP services"
    trust = "Verify the trust that section 1 brings"
    assert stands == {
        "failed": [title, f"v1.trust {trust}"],
        "trust": [f"{AW} trusts {CVP_A} (WSM)", f"{AW} trusts {CVP_B} (WSM)"],
        "restarts": [f"{CVP_A}: callserver"],
    }
    assert [
        one.what for group in deviations(story, words(), []) if group.name == "trust" for one in group.deviations
    ] == ["not looked at since the change was taken back"] * 2


def test_a_host_whose_trusts_are_not_as_before_has_not_gone_back(tmp_path: Path) -> None:
    story, stands = of_the_way_back(tmp_path, CVP_A, CVP_B, AW, failed=AW)
    assert story.state is State.FAILED
    assert stands["failed"] == [
        "v1.trust Verify the trust that section 1 brings",
        "r.5 Every trust is as it was before the change",
    ]
    assert story.rollback.hosts == {CVP_A, CVP_B}


def test_a_change_that_is_still_in_use_elsewhere_was_taken_back_in_part(tmp_path: Path) -> None:
    book = Book(tmp_path)
    for host in (CVP_A, CVP_B):
        book.step("1.4.iii", host, *book.staged(host), *book.activated(host), phase="activate")
    book.end()
    book = Book(tmp_path, SECOND)
    changes.rolls_back(book, CVP_A)
    book.end()
    assert story_of(tmp_path).state is State.PARTLY_BACK
