"""What people read is in the language that they asked for; what machines read, and the evidence, is as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pluggy
import pytest
from bs4 import BeautifulSoup

from fixtures.evidence import EvidenceHooks, Verdict
from fixtures.system.messages import TEXTS, spoken, titled
from reports import compare
from reports.journal import history
from reports.journal.chains import run_folders
from reports.journal.collected import Outcome, Told
from reports.journal.watch import Doing
from reports.pages.cells import width
from reports.pages.wording import ENGLISH, OPTION, languages, words
from reports.plan import page as plan_page
from reports.record import page as record_page
from reports.terminal import summary
from reports.terminal.live import plain, status
from reports.terminal.speaker import Speaker
from tests.reports import changes, plans, sample
from tests.reports.nights import night
from tests.reports.outline import outline
from tests.reports.pages.test_wording import TRANSLATIONS, of_others

OTHER = "ja"
ANSWER = "[SC] OpenService 失败 5:\n\n拒绝访问。\nアクセスが拒否されました。"  # what hosts in China and Japan print


def record(site: Path, language: str) -> bytes:
    made = record_page.made([history.of(run) for run in run_folders(site)], site, [], language)
    assert made is not None
    return made


def plan(out: Path, language: str) -> bytes:
    made = plan_page.made(out / "CHG2", [history.of(run) for run in run_folders(out / "CHG2")], language)
    assert made is not None
    return made


def of_a_change(write: Callable[[Path], None]) -> Callable[[Path, str], bytes]:
    def page(folder: Path, language: str) -> bytes:
        if not folder.exists():
            write(folder)
        return record(folder, language)

    return page


def of_a_plan(folder: Path, language: str) -> bytes:
    if not folder.exists():
        plans.written(folder / "CHG2")
        plans.history_of_the_site(folder)
        book = changes.Book(folder / "CHG2", "20261122T113000Z-plan", kind="plan", change="")
        book.step("1.4.iii", changes.CVP_A, phase="activate", outcome="could not find out", said="no answer")
        book.end()
    return plan(folder, language)


def of_a_plan_that_looked(folder: Path, language: str) -> bytes:
    if not folder.exists():
        plans.written(folder / "CHG2", plans.observed())
    return plan(folder, language)


def of_two_nights(folder: Path, language: str) -> bytes:
    if not folder.exists():
        night(folder / "a", sample.edge())
        night(folder / "b", sample.edge(Verdict.FAILS, messages=("it is absent",)))
    page = folder / "page.html"
    compare.main([str(folder / "a"), str(folder / "b"), "--html", str(page), "--language", language])
    return page.read_bytes()


PAGES: dict[str, Callable[[Path, str], bytes]] = {
    "all-right": of_a_change(changes.all_right),
    "failed-on-side-a": of_a_change(changes.failed_on_side_a),
    "interrupted": of_a_change(changes.interrupted),
    "verification": of_a_change(changes.verification),
    "taken-back": of_a_change(changes.rolled_back),
    "failed-and-taken-back": of_a_change(changes.failed_and_rolled_back),
    "plan": of_a_plan,
    "plan-that-looked": of_a_plan_that_looked,
    "comparison": of_two_nights,
}
HEADS = "h1, h2, thead th"
# Sentences of the catalogue, without their placeholders, by which a page betrays that it speaks English.
SENTENCES = [
    part.strip()
    for text in (*words().texts.values(), *of_others().values())
    for part in re.split(r"\{\w+\}", text)
    if len(part.split()) > 3
]


def lines(html: bytes) -> list[str]:
    return [line for line in outline(html).splitlines() if line]


@pytest.mark.parametrize("language", TRANSLATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_in_every_language(name: str, language: str, tmp_path: Path) -> None:
    english, html = (PAGES[name](tmp_path / "out", one) for one in (ENGLISH, language))
    assert len(lines(html)) == len(lines(english))
    text = BeautifulSoup(html, "html.parser").get_text(" ")
    assert [sentence for sentence in SENTENCES if sentence in text] == []
    assert f'<html lang="{words(language)("language.tag")}">' in html.decode()
    heads = ({tag.get_text() for tag in BeautifulSoup(one, "html.parser").select(HEADS)} for one in (english, html))
    assert set.intersection(*heads) <= {"A", "B"}  # what a comparison calls its two sides
    # The evidence is the same, down to each command, path and fingerprint.
    for kept in ("code", "pre", ".fingerprint"):
        there, here = (BeautifulSoup(one, "html.parser").select(kept) for one in (english, html))
        assert [one.get_text() for one in here if ascii_only(one.get_text())] == [
            one.get_text() for one in there if not one.get_text().startswith("steps in")
        ]


def ascii_only(text: str) -> bool:
    return text.isascii()


def test_a_rule_that_is_accepted_is_named_in_words(tmp_path: Path) -> None:
    assert "IIS、残り日数（replaced in May）" in of_a_plan(tmp_path / "out", OTHER).decode()


@pytest.mark.parametrize("language", [ENGLISH, *TRANSLATIONS])
def test_what_a_host_answers_in_its_language_stands_as_it_is(language: str, tmp_path: Path) -> None:
    book = changes.Book(tmp_path)
    sent = book.command(changes.CVP_A, '@sc stop "x"', stdout=ANSWER, worked=False, finding=ANSWER.splitlines()[0])
    book.step("1.4.iii", changes.CVP_A, sent, phase="activate", outcome="failed", said="拒绝访问。")
    book.end(1)
    html = BeautifulSoup(record(tmp_path, language), "html.parser")
    assert ANSWER in [tag.get_text() for tag in html.find_all("pre")]
    assert "拒绝访问。" in [tag.get_text() for tag in html.find_all("td")]


def test_two_nights_are_compared_in_any_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert of_two_nights(tmp_path / "out", "zh")
    shown = capsys.readouterr().out
    assert "判定有变化的信任关系（1）：\n" in shown
    assert "成立 -> 不成立：it is absent" in shown


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_summary_fits_into_the_columns_of_a_terminal(language: str, tmp_path: Path) -> None:
    run = sample.run(tmp_path, options={OPTION: language})
    edges = tuple(sample.edge(verdict, exporter=f"e{n}{verdict.name}") for n in range(9) for verdict in Verdict)
    late = (("aw1", "late " * 30),)
    told = [
        Told("1.1.iii", "Generate", f"host{n}.example.com", outcome, "it is absent " * 9, edges, late)
        for n in range(9)
        for outcome in Outcome
    ]
    for columns in (60, 80, 100):
        assert max(width(line.text) for line in summary.lines(run, told, width=columns)) <= columns
    numbers, row = (line.text for line in summary.lines(run, told[:1], width=300)[-5:-3])
    assert width(numbers) == width(row)  # the last column stands below its number
    assert words(language)("cell.not_in_use") in row.split()


def test_the_live_view_keeps_its_columns() -> None:
    doing = Doing(
        "1.4.iii", words(OTHER).title("1.4.iii", "Restart"), "cvp1", 0, "stop Tomcat9", "cvp1", 0, waiting=True
    )
    shown = status([doing], 95, "x", words(OTHER))
    assert shown == [
        "    1分35秒  cvp1：stop Tomcat9",
        "   ステップ  1.4.iii、1分35秒：キーストアの有効化とCVPサービスの再起動",
        "         次  x",
    ]
    assert {width(line) - width(line.lstrip().partition("  ")[2]) for line in shown} == {13}
    assert plain(doing, 12, "", words(OTHER)).endswith(
        "Z 12秒待機中：cvp1：stop Tomcat9；ステップ1.4.iii、12秒：キーストアの有効化とCVPサービスの再起動"
    )


def test_many_hosts_are_counted_in_words() -> None:
    doing = [Doing("1", "t", "h", 0) for _ in range(7)]
    assert status(doing, 5, "", words("zh"))[-1].strip() == "以及另外3台主机"
    assert "没有正在执行的命令" in status(doing, 5, "", words("zh"))[0]
    assert replace(doing[0], changed="stop", purpose="wait", target="h", waiting=True).words(words("zh")) == (
        "h",
        "stop，然后 wait",
    )


class Config:
    """As much of pytest's configuration as the speaker asks for."""

    def __init__(self, language: str, worker: dict[str, str] | None = None) -> None:
        self._language = language
        if worker is not None:
            self.workerinput = worker

    def getoption(self, name: str) -> str:
        assert name == OPTION
        return self._language


@pytest.mark.parametrize(
    ("config", "text", "title"),
    [
        (Config("en"), TEXTS["yes_or_no"], "List"),
        (Config(OTHER), "yesまたはnoを入力してください：", "キーストアの証明書の一覧表示"),
        (Config("en", {"runbook_language": "zh"}), "请输入yes或no：", "列出密钥库中的证书"),
    ],
    ids=["english", "controller", "worker"],
)
def test_what_other_rooms_say_is_worded_by_reports(config: Any, text: str, title: str) -> None:
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(EvidenceHooks)
    assert spoken(manager.hook, "gate", host="cvp1") == "Gate before cvp1 presents new certificates:"
    hook = Speaker(config).pytest_runbook_say
    assert (hook("yes_or_no") or TEXTS["yes_or_no"]) == text
    assert titled(manager.hook, "1.1.i", "List") == "List"
    assert (hook("step.1.1.i") or "List") == title


def pixels(text: str) -> float:
    """About how wide a text is in a picture, whose letters are 11 pixels high."""
    return sum(11 if width(letter) == 2 else 6 for letter in text)


@pytest.mark.parametrize("language", languages())
def test_the_words_of_pictures_fit_into_their_places(language: str) -> None:
    say = words(language)
    assert all(pixels(say(f"cell.{one.name.lower()}")) <= 42 for one in Verdict)
    assert pixels(say("record.trust.corner")) <= 162
    ends = [say("record.time.until", day="2029-11-20", days=1093), say("record.time.expired", day="2029-11-20")]
    assert max(map(pixels, ends)) + pixels(f" · {say('record.time.was', day='2028-10-22')}") <= 296
