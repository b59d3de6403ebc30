from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

from reports.allure_report import node

NPM = """
import pathlib, sys, time
home = pathlib.Path.cwd()
with (home / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if (home / "offline").exists():
    sys.exit("npm error code EAI_AGAIN\\nnpm error to https://me:hunter2@npm.example/a\\nnpm error A complete log")
program = home / "node_modules" / "allure" / "cli.js"
program.parent.mkdir(parents=True, exist_ok=True)
time.sleep(0.1)
program.write_text("whole")
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the pinned files, and an npm that is a few lines of Python."""
    folder = tmp_path / "allure"
    folder.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(node.PINNED / name, folder / name)
    npm = tmp_path / "npm.py"
    npm.write_text(NPM, encoding="utf-8")
    monkeypatch.setattr(node, "PINNED", folder)
    monkeypatch.setattr(node, "node", lambda: Path(sys.executable))
    monkeypatch.setattr(node, "npm", lambda: npm)
    return folder


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text(encoding="utf-8").splitlines()


def test_allure_is_installed_once(home: Path) -> None:
    assert node.allure_program() == node.allure_program() == home / "node_modules" / "allure" / "cli.js"
    assert len(calls(home)) == 1
    assert {"ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0"} <= set(calls(home)[0].split())


def test_half_an_installation_is_done_again(home: Path) -> None:
    program = home / "node_modules" / "allure" / "cli.js"
    program.parent.mkdir(parents=True)
    program.write_text("half", encoding="utf-8")
    node.allure_program()
    assert program.read_text(encoding="utf-8") == "whole"


def test_another_lock_file_is_another_installation(home: Path) -> None:
    node.allure_program()
    with (home / "package-lock.json").open("a", encoding="utf-8") as lock:
        lock.write("\n")
    node.allure_program()
    assert len(calls(home)) == 2


def test_a_failure_is_remembered_for_a_day_unless_asked_again(home: Path) -> None:
    (home / "offline").touch()
    with pytest.raises(node.NodeError, match="could not be installed: code EAI_AGAIN") as failure:
        node.allure_program()
    assert "hunter2" not in str(failure.value)
    with pytest.raises(node.NodeError, match="earlier today: code EAI_AGAIN"):
        node.allure_program()
    assert len(calls(home)) == 1
    (home / "offline").unlink()
    node.allure_program(again=True)
    assert not (home / ".install-failed.json").exists()


@pytest.mark.parametrize(
    "stamp", ["", "{}", json.dumps({"when": time.time() - 90_000, "error": "old"})], ids=["empty", "nothing", "old"]
)
def test_an_old_or_broken_stamp_hinders_nothing(home: Path, stamp: str) -> None:
    (home / ".install-failed.json").write_text(stamp, encoding="utf-8")
    assert node.allure_program().is_file()


def test_two_at_once_install_once(home: Path) -> None:
    threads = [threading.Thread(target=node.allure_program) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls(home)) == 1


@pytest.mark.usefixtures("home")
def test_a_lock_held_for_ever_is_not_waited_for_for_ever(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "PATIENCE", 0)
    monkeypatch.setattr(node, "_locked", lambda _: False)
    with pytest.raises(node.NodeError, match="another process"):
        node.allure_program()
    assert not (home / "calls").exists()


def test_a_folder_that_cannot_be_written_sends_to_the_cache(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert node.allure_program().is_relative_to(tmp_path / "cache" / "pcce-certificate-runbook")
    assert not (home / "node_modules").exists()


def test_node_and_npm_come_from_the_package() -> None:
    assert node.node().is_file()
    assert node.npm().name == "npm-cli.js"


def test_without_any_node_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "_wheel", lambda: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(node.NodeError, match="no Node here"):
        node.node()
