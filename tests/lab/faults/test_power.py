"""A host that loses its power in the middle of a command line, and boots when there is power again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from lab.contract import State
from tests.lab.faults.remote import Failing
from tests.lab.hosts.labs import ADS, CVP, presented, wait_for

PLACE = r"C:\dying"
TWO = rf"@mkdir {PLACE}\a\b & echo whole> {PLACE}\a\file"
KEYTOOL = rf'@"%JAVA_HOME%\bin\keytool.exe" -genkeypair -keyalg RSA -alias a -dname CN=a -keystore {PLACE}\s -storepass'
KEYTOOL += " changeit -keypass changeit -storetype JKS"


@pytest.fixture
def lab(the_lab: Failing) -> Iterator[Failing]:
    """A folder of its own, on a host that runs; and that runs again."""
    the_lab.recover()
    folder = the_lab.host(ADS).layout.on_disk(PLACE)
    folder.mkdir()
    yield the_lab
    comes_back(the_lab)
    shutil.rmtree(folder)


def comes_back(lab: Failing) -> None:
    lab.recover()
    services = lab.host(ADS).services
    wait_for(lambda: services.status("Tomcat9").state is State.RUNNING and presented_winrm(lab))


def presented_winrm(lab: Failing) -> bool:
    return presented(lab.lab.endpoint(ADS, "winrm")) is not None


def dies(lab: Failing, line: str, **cut: Any) -> None:
    lab.fail({"host": ADS, "kind": "power_cut", "match": "dying", **cut})
    with pytest.raises(requests.ConnectionError):
        lab.run(ADS, line)


def left(lab: Failing) -> dict[str, int | None]:
    """What lies in the folder: a file's size, None for a folder."""
    folder = lab.host(ADS).layout.on_disk(PLACE)
    return {
        one.relative_to(folder).as_posix(): one.stat().st_size if one.is_file() else None for one in folder.rglob("*")
    }


CUTS: Mapping[str, tuple[str, dict[str, Any], dict[str, int | None]]] = {
    "before all": (TWO, {}, {}),
    "after the first folder": (TWO, {"after": 1}, {"a": None}),
    "before the file is opened": (TWO, {"after": 2}, {"a": None, "a/b": None}),
    "before its line": (TWO, {"after": 3}, {"a": None, "a/b": None, "a/file": 0}),
    "in the middle of its line": (TWO, {"after": 3, "torn": True}, {"a": None, "a/b": None, "a/file": 3}),
    "before its answer": (TWO, {"after": 9}, {"a": None, "a/b": None, "a/file": 7}),
    "a copy": (rf"@copy /b C:\Windows\win.ini {PLACE}\x", {"torn": True}, {"x": 38}),
    "a store that is not made": (KEYTOOL, {}, {}),
}


@pytest.mark.parametrize("line, cut, expected", CUTS.values(), ids=CUTS)
def test_so_much_is_left(lab: Failing, line: str, cut: dict[str, Any], expected: dict[str, int | None]) -> None:
    dies(lab, line, **cut)
    assert left(lab) == expected


def test_a_move_is_done_in_one_step(lab: Failing) -> None:
    file = lab.host(ADS).layout.on_disk(rf"{PLACE}\one")
    for after, name in ((0, "one"), (1, "two")):
        file.write_bytes(b"content")
        dies(lab, rf"@move /y {PLACE}\one {PLACE}\two", after=after, torn=True)
        assert left(lab) == {name: 7}
        comes_back(lab)


def test_half_a_store_is_left_of_one_that_keytool_writes(lab: Failing) -> None:
    store = lab.host(ADS).layout.on_disk(rf"{PLACE}\s")
    assert lab.run(ADS, KEYTOOL).code == 0
    whole = store.read_bytes()
    more = KEYTOOL.replace("-alias a", "-alias b")
    dies(lab, more, torn=False)
    assert store.read_bytes() == whole
    comes_back(lab)
    dies(lab, more, torn=True)
    assert len(whole) / 2 < store.stat().st_size < len(whole) * 1.5
    assert not store.read_bytes().startswith(whole)
    comes_back(lab)
    assert lab.run(ADS, KEYTOOL.replace("-genkeypair -keyalg RSA", "-list")).code == 1


def test_nothing_runs_or_answers_until_there_is_power_again(lab: Failing) -> None:
    client = lab.client(ADS)
    shell = client.open_shell()
    services = lab.host(ADS).services
    dies(lab, f"@echo {PLACE}", boot=0.3)
    wait_for(lambda: services.status("Tomcat9").state is State.STOPPED and not presented_winrm(lab))
    assert presented(lab.lab.endpoint(ADS, "iis")) is None
    assert lab.run(CVP, "@echo x").code == 0

    lab.recover()
    wait_for(lambda: presented_winrm(lab))
    assert services.status("Tomcat9").state is State.STOPPED, "services are later"
    with pytest.raises(Exception, match="2150858843"):
        lab.client(ADS).run_command(shell, "@echo x")
    wait_for(lambda: services.status("Tomcat9").state is State.RUNNING)
    wait_for(lambda: presented(lab.lab.endpoint(ADS, "iis")) is not None)
