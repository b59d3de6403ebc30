"""A run that was asked to speak another language, and the documents that are made of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reports import allure, compare, render
from reports.allure_report import lost
from reports.pages.cells import width
from reports.pages.wording import OPTION, words
from tests.reports import changes, fake_steps
from tests.reports.test_render import SECOND, results
from tests.reports.test_run import FIRST, ROOT, label, start, texts

OTHER = "ja"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out") / "CHG0012345"


@pytest.fixture(scope="module")
def said(site: Path) -> str:
    """A run that was asked to speak Japanese, with a link to its ticket."""
    link = "--change-link=https://tickets.example.com/{change}"
    junit = f"--junitxml={site.parent / 'junit.xml'}"
    return start(site, "--no-report", link, junit, f"{OPTION}={OTHER}", fake_steps.__file__)


def test_the_run_ends_in_its_language(site: Path, said: str) -> None:
    told = said[said.index("= runbook =") :]
    assert "Vienna CHG0012345：変更は完了していません：完了したステップ1件、作業不要1件、計" in told
    assert "1.2.c CVPサーバのWSM証明書のインポート：cvp1.pcce.example.com" in told
    assert "aw1 cvp1_iis - presence - expected in the store, found absent" in " ".join(told.split())
    assert f'レポートは作成していません（--no-report）。作成するコマンド：python -m reports.render "{site}"' in told
    assert not re.search(r"step done|Wrong state|Warnings|Evidence of", told)
    assert max(map(width, (site / "summary.txt").read_text(encoding="utf-8").splitlines())) <= render.WIDTH


def test_machines_read_what_they_always_read(site: Path, said: str) -> None:
    assert said
    (journal,) = (site / "runs" / FIRST).glob("journal-*.jsonl")
    english = [site.parent / "junit.xml", journal, site / "verification.json", site / "verification.prom"]
    assert [path.name for path in english if not path.read_text(encoding="utf-8").isascii()] == []
    outcomes = {json.loads(line).get("outcome") for line in journal.read_text(encoding="utf-8").splitlines()}
    assert {"done", "nothing to do", "failed", "could not find out"} <= outcomes


def by_step(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {label(one, "story").partition(" ")[0]: one for one in found if label(one, "story")}


def test_allure_names_the_steps_and_knows_them_again_in_every_language(site: Path, said: str, tmp_path: Path) -> None:
    assert said
    start(tmp_path, "--no-report", fake_steps.__file__)
    japanese, english = by_step(results(site)), by_step(results(tmp_path))
    assert japanese["1.1.iii"]["name"].startswith("1.1.iii · サーバのFQDNを使用した新しい自己署名証明書の生成 · ")
    assert label(japanese["1.1.iii"], "parentSuite") == "セクション1：CVPサーバとADSサーバ"
    assert label(japanese["1.1.iii"], "thread") == "準備"
    for key in ("testCaseId", "historyId", "fullName", "status", "parameters"):
        assert {step: one[key] for step, one in japanese.items()} == {step: one[key] for step, one in english.items()}


def test_results_are_made_again_in_another_language_and_those_of_the_run_stay(
    site: Path, said: str, tmp_path: Path
) -> None:
    assert said
    own = site / "runs" / FIRST / "allure-results"
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    assert lost.in_language(own, OTHER, tmp_path) == own
    made = lost.in_language(own, "zh", tmp_path)
    assert {path.name: path.read_bytes() for path in own.iterdir()} == before
    found = [json.loads(path.read_text(encoding="utf-8")) for path in made.glob("*-result.json")]
    japanese, chinese = by_step(results(site)), by_step(found)
    assert chinese.keys() == japanese.keys()
    assert chinese["1.1.iii"]["name"].startswith("1.1.iii · 使用服务器的FQDN生成新的自签名证书 · ")
    assert chinese["1.1.iii"]["description"] == words("zh").texts["check.1.1.iii"]
    for key in ("testCaseId", "historyId", "links", "start", "stop", "status"):
        assert {step: one.get(key) for step, one in chinese.items()} == {
            step: one.get(key) for step, one in japanese.items()
        }
    numbers = {step: len(one.get("steps", ())) for step, one in japanese.items()}
    assert {step: len(one.get("steps", ())) for step, one in chinese.items()} == numbers
    answer = dict(texts(made, chinese["1.1.iii"]))["命令与应答"]
    assert answer.startswith("主机：             cvp1")
    assert "--- 标准输出 ---\n" in answer
    assert "站点=Vienna" in (made / "environment.properties").read_text(encoding="utf-8")


def test_allures_own_interface_is_told_the_language() -> None:
    told = allure.configuration("x", Path("out"), words("zh"))
    assert json.dumps(told, ensure_ascii=False).count('"reportLanguage": "zh"') == 1
    assert "状态错误" in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("options", "heading"),
    [((), "変更記録 CHG0012345"), ((OPTION, "zh"), "变更记录 CHG0012345")],
    ids=["its own", "another"],
)
def test_documents_made_again_keep_the_language_unless_told_otherwise(
    site: Path, said: str, options: tuple[str, ...], heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said
    assert render.main([str(site), "--no-report", *options]) == 0
    assert f"<h1>{heading}</h1>".encode() in (site / "change-record.html").read_bytes()
    shown = capsys.readouterr().out
    assert ("变更记录：" if options else "変更記録：") in shown
    (journal,) = (site / "runs" / FIRST).glob("journal-*.jsonl")
    assert b'"--language": "ja"' in journal.read_bytes()


def test_the_language_of_the_latest_run_counts(tmp_path: Path) -> None:
    changes.Book(tmp_path, options={OPTION: OTHER}).end()
    assert render.documents(tmp_path, report=False).say.language == OTHER
    changes.Book(tmp_path, SECOND).end()
    assert render.documents(tmp_path, report=False).say.language == "en"
    assert render.documents(tmp_path, report=False, language="zh").say.language == "zh"


def test_a_terminal_that_cannot_show_the_language_is_told_in_english(tmp_path: Path) -> None:
    encoding = "cp1252"
    shown = start(tmp_path, "--no-report", f"{OPTION}={OTHER}", fake_steps.__file__, PYTHONIOENCODING=encoding)
    assert f"This output (encoding {encoding}) cannot show ja: it is in English here; the documents are in ja." in shown
    assert "Vienna CHG0012345: NOT COMPLETE: 1 step done" in shown
    assert "INTERNALERROR" not in shown
    assert "完了したステップ" in (tmp_path / "summary.txt").read_text(encoding="utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "reports.render", str(tmp_path), "--no-report", OPTION, "zh"],
        cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot show zh" in again.stdout
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize("program", ["pytest", "reports.render", "reports.compare"])
def test_an_unknown_language_is_refused_with_those_there_are(
    program: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if program == "pytest":
        shown = start(tmp_path, f"{OPTION}=xx", fake_steps.__file__)
    else:
        main = render.main if program == "reports.render" else compare.main
        with pytest.raises(SystemExit) as ended:
            main([str(tmp_path)] * (1 + (program == "reports.compare")) + [OPTION, "xx"])
        assert ended.value.code == 2
        shown = capsys.readouterr().err
    assert re.search(r"argument --language: invalid choice: 'xx' \(choose from '?en'?, '?ja'?, '?zh'?\)", shown)
    assert [*tmp_path.iterdir()] == []
