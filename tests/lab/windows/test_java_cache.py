"""The cache that lets keytool start sooner."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lab.windows.host.stores import keytool
from lab.windows.java import QUICK
from lab.windows.java_cache import cache_options


def prints(*options: str) -> bytes:
    return subprocess.run([str(keytool()), *options, "-help"], capture_output=True, check=True, timeout=60).stderr


@pytest.fixture
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache_options.cache_clear()
    return tmp_path


def test_it_is_made_once_and_changes_nothing_that_keytool_says(cache_home: Path) -> None:
    options = cache_options(keytool(), QUICK)
    (made,) = cache_home.rglob("*.aot")
    assert f"-J-XX:AOTCache={made}" in options
    assert prints(*QUICK, *options) == prints(*QUICK)
    before = made.stat()
    cache_options.cache_clear()
    assert cache_options(keytool(), QUICK) == options
    assert made.stat() == before
    assert list(made.parent.iterdir()) == [made]


def test_a_cache_that_java_cannot_use_is_passed_over_in_silence(cache_home: Path) -> None:
    options = cache_options(keytool(), QUICK)
    (made,) = cache_home.rglob("*.aot")
    made.write_bytes(b"not a cache")
    assert prints(*QUICK, *options) == prints(*QUICK)


def test_without_a_folder_to_keep_it_keytool_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    cache_options.cache_clear()
    assert cache_options(keytool(), QUICK) == ()
    cache_options.cache_clear()
