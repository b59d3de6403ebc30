"""Faults that a command line meets, each as its client sees it, and the same line without the fault."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lab.contract import State
from tests.lab.faults.remote import Failing
from tests.lab.hosts.labs import ADS, CVP, wait_for

KEYTOOL = r'@"%JAVA_HOME%\bin\keytool.exe"'
CACERTS = r"%JAVA_HOME%\lib\security\cacerts"
STORE = r"-keystore C:\temp\mine.jks -storepass:env STORE"
DELETE = rf'{KEYTOOL} -delete -alias "lab root ca 01" {STORE}'
FULL = {"kind": "disk_full", "path": r"c:\TEMP\*full*"}
NO_SPACE = "There is not enough space on the disk."
SOURCE = b"0123456789"
KILLED = -1073741510


@dataclass(frozen=True)
class Case:
    """`left` is what the file that the line writes holds afterwards: None if it is not there."""

    fault: Mapping[str, Any]
    line: str
    code: int
    says: str
    writes: str = ""
    left: bytes | None = None


CASES = {
    "copy": Case(FULL, r"copy /b C:\temp\source C:\temp\full", 1, NO_SPACE, "full"),
    "copy, cut": Case(
        {**FULL, "after_bytes": 4}, r"copy /b C:\temp\source C:\temp\full", 1, NO_SPACE, "full", SOURCE[:4]
    ),
    "xcopy": Case(
        FULL, r"xcopy /o /h /k /r /y C:\temp\source C:\temp\full-folder\ ", 4, NO_SPACE, "full-folder/source"
    ),
    "xcopy, cut": Case(
        {**FULL, "after_bytes": 7},
        r"xcopy /y C:\temp\source C:\temp\full-folder\ ",
        4,
        NO_SPACE,
        "full-folder/source",
        SOURCE[:7],
    ),
    "redirection": Case(FULL, r"@echo x> C:\temp\full", 1, NO_SPACE, "full", b""),
    "redirection, cut": Case({**FULL, "after_bytes": 1}, r"@echo xyz>> C:\temp\full", 1, NO_SPACE, "full", b"x"),
    "certutil": Case(FULL, r"certutil -f -decode C:\temp\encoded C:\temp\full", -2147024784, NO_SPACE, "full"),
    "java does not start": Case(
        {"kind": "java_does_not_start"}, f"{KEYTOOL} -list {STORE}", 1, "Could not reserve enough space for object heap"
    ),
    "java does not start, silent": Case(
        {"kind": "java_does_not_start", "says": "", "code": -1073741515}, f"{KEYTOOL} -list {STORE}", -1073741515, ""
    ),
    "password": Case(
        {"kind": "keystore_password", "store": r"*\mine.jks"},
        f"{KEYTOOL} -list {STORE}",
        1,
        "Keystore was tampered with, or password was incorrect",
    ),
    "missing service": Case({"kind": "missing_service", "service": "tomcat?"}, "sc query Tomcat9", 1060, "FAILED 1060"),
    "missing dependent": Case(
        {"kind": "missing_service", "service": "c*"}, "sc enumdepend Tomcat9", 0, "entriesread = 0"
    ),
    "disabled service": Case(
        {"kind": "disabled_service", "service": "tomcat?"}, "sc qc Tomcat9", 0, "START_TYPE         : 4   DISABLED"
    ),
    "not elevated": Case({"kind": "not_elevated"}, "whoami /groups", 0, r"Mandatory Label\Medium Mandatory Level"),
    "slow": Case({"kind": "slow", "seconds": 0.01, "when": "after"}, "@echo x", 0, "x"),
    "torn": Case({"kind": "split_output"}, "@echo 証明書", 0, "証明書"),
}


@pytest.fixture(scope="module")
def secrets(the_lab: Failing) -> Mapping[str, str]:
    """Files on the drive that the lines use, and the password of the store."""
    host = the_lab.host(ADS)
    folder = host.layout.on_disk(r"C:\temp")
    folder.mkdir(exist_ok=True)
    (folder / "source").write_bytes(SOURCE)
    (folder / "encoded").write_bytes(base64.b64encode(SOURCE))
    renew_store(the_lab)
    return {"STORE": host.layout.factory_password(host.layout.role_data.stores["cacerts"])}


def renew_store(lab: Failing) -> bytes:
    layout = lab.host(ADS).layout
    store = layout.on_disk(layout.role_data.stores["cacerts"].path).read_bytes()
    layout.on_disk(r"C:\temp\mine.jks").write_bytes(store)
    return store


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_line_fails_on_demand(lab: Failing, secrets: Mapping[str, str], case: Case) -> None:
    written = lab.host(ADS).layout.on_disk(r"C:\temp") / case.writes
    lab.fail({"host": ADS, **case.fault})

    answer = lab.run(ADS, case.line, secrets)

    assert (answer.code, case.says in answer.text) == (case.code, True), answer
    if case.writes:
        assert (written.read_bytes() if written.exists() else None) == case.left
        written.unlink(missing_ok=True)
    assert (lab.audit()[-1]["text"], lab.audit()[-1]["exit_code"]) == (case.line, case.code)
    lab.recover()
    assert lab.run(ADS, case.line, secrets).code == 0
    if case.writes:
        written.unlink()


# A line that does something with the file mine.jks, and what it says where something else holds that file.
HELD = {
    "moved over": (r"move /y C:\temp\encoded C:\temp\mine.jks", 1, "it is being used by another process"),
    "moved": (r"move C:\temp\mine.jks C:\temp\new.jks", 1, "it is being used by another process"),
    "copied over": (r"copy /y C:\temp\source C:\temp\mine.jks", 1, "it is being used by another process"),
    "appended to": (r"echo x>> C:\temp\mine.jks", 1, "it is being used by another process"),
    "deleted": (r"del /f /q C:\temp\mine.jks", 0, "it is being used by another process"),
    "written by keytool": (DELETE, 1, r"FileNotFoundException: C:\temp\mine.jks (The process cannot access the file"),
    "read": (r"type C:\temp\mine.jks >nul && echo read", 0, "read"),
    "listed by keytool": (f"{KEYTOOL} -list {STORE}", 0, "Your keystore contains"),
}


@pytest.mark.parametrize("line, code, says", HELD.values(), ids=HELD)
def test_a_file_that_something_else_holds_stays_as_it_is(
    lab: Failing, secrets: Mapping[str, str], line: str, code: int, says: str
) -> None:
    whole = renew_store(lab)
    lab.fail({"host": ADS, "kind": "file_in_use", "path": r"c:\temp\MINE.jks"})

    answer = lab.run(ADS, line, secrets)

    assert (answer.code, says in answer.text) == (code, True), answer
    assert lab.host(ADS).layout.on_disk(r"C:\temp\mine.jks").read_bytes() == whole
    assert not lab.audit()[-1]["changed"]


def test_keytool_cannot_write_a_read_only_store(lab: Failing, secrets: Mapping[str, str]) -> None:
    whole = renew_store(lab)
    mine = lab.host(ADS).layout.on_disk(r"C:\temp\mine.jks")
    lab.run(ADS, r"attrib +r C:\temp\mine.jks", secrets)
    answer = lab.run(ADS, DELETE, secrets)
    assert (answer.code, r"FileNotFoundException: C:\temp\mine.jks (Access is denied)" in answer.text) == (1, True)
    assert mine.read_bytes() == whole
    lab.run(ADS, r"attrib -r C:\temp\mine.jks", secrets)
    assert lab.run(ADS, DELETE, secrets).code == 0


@pytest.mark.parametrize(
    "fault, stays",
    [
        ({"leave": "truncated"}, False),
        ({"leave": "untouched", "match": "-delete", "store": r"C:\temp\mine.jks"}, True),
    ],
)
def test_keytool_dies(lab: Failing, secrets: Mapping[str, str], fault: Mapping[str, Any], stays: bool) -> None:  # noqa: FBT001
    whole = renew_store(lab)
    mine = lab.host(ADS).layout.on_disk(r"C:\temp\mine.jks")
    lab.fail({"host": ADS, "kind": "keytool_dies", "times": 1, **fault})

    answer = lab.run(ADS, DELETE, secrets)

    assert (answer.text, answer.code) == ("", KILLED)
    assert lab.audit()[-1]["changed"] is not stays
    left = mine.read_bytes()
    assert (left == whole) is stays
    assert stays or len(whole) // 3 < len(left) < len(whole) // 2
    assert (lab.run(ADS, DELETE, secrets).code == 0) is stays  # a torn store opens no more


def test_a_keytool_that_refuses_leaves_its_store_even_when_it_dies(lab: Failing, secrets: Mapping[str, str]) -> None:
    whole = renew_store(lab)
    lab.fail({"host": ADS, "kind": "keytool_dies"})
    assert lab.run(ADS, DELETE.replace("ca 01", "ca 99"), secrets).code == KILLED
    assert lab.host(ADS).layout.on_disk(r"C:\temp\mine.jks").read_bytes() == whole


def test_other_stores_keep_their_password(lab: Failing, secrets: Mapping[str, str]) -> None:
    renew_store(lab)
    lab.fail({"host": "*", "kind": "keystore_password", "store": r"*\mine.jks"})
    merge = rf"{KEYTOOL} -importkeystore -noprompt -srckeystore C:\temp\mine.jks -srcstorepass:env STORE"
    line = f"{merge} -destkeystore C:\\temp\\new.jks -deststorepass:env STORE"
    assert "password was incorrect" in lab.run(ADS, line, secrets).text
    assert lab.run(ADS, f'{KEYTOOL} -list -keystore "{CACERTS}" -storepass:env STORE', secrets).code == 0


def test_a_slow_line_runs_to_its_end_without_its_client(lab: Failing) -> None:
    file = lab.host(ADS).layout.on_disk(r"C:\temp") / "late"
    lab.fail({"host": ADS, "kind": "slow", "match": "late", "seconds": 0.6, "times": 1})
    client = lab.client(ADS)
    shell = client.open_shell()
    client.run_command(shell, r"@echo x> C:\temp\late", console_mode_stdin=False)
    client.transport.close_session()  # killed: it closes nothing else
    assert not file.exists()
    wait_for(lambda: any("late" in text for text in lab.said("command")))
    assert file.read_bytes() == b"x\r\n"
    assert lab.audit()[-1]["exit_code"] == 0
    assert lab.run(ADS, r"@echo x> C:\temp\late").code == 0  # once was enough


def test_a_slow_line_that_is_cancelled_does_nothing(lab: Failing) -> None:
    lab.fail({"host": ADS, "kind": "slow", "seconds": 30})
    client = lab.client(ADS)
    shell = client.open_shell()
    client.run_command(shell, r"@echo x> C:\temp\never", console_mode_stdin=False)
    client.close_shell(shell)
    wait_for(lambda: any("never" in text for text in lab.said("command")))
    assert (lab.audit()[-1]["exit_code"], lab.audit()[-1]["changed"]) == (KILLED, False)


def test_a_service_does_not_return(lab: Failing) -> None:
    lab.fail({"host": CVP, "kind": "service_does_not_return", "service": "CallServer", "times": 1})
    lab.run(CVP, "sc stop callserver")
    assert lab.lab.settled(CVP, "callserver") is State.STOPPED
    assert "START_PENDING" in lab.run(CVP, "sc start callserver").out
    assert lab.lab.settled(CVP, "callserver") is State.STOPPED
    assert "WIN32_EXIT_CODE    : 1067  (0x42b)" in lab.run(CVP, "sc query callserver").out
    lab.run(CVP, "sc start callserver")
    assert lab.lab.settled(CVP, "callserver") is State.RUNNING


def test_a_service_hangs_until_it_may_start(lab: Failing) -> None:
    services = lab.host(CVP).services
    lab.fail({"host": CVP, "kind": "service_does_not_return", "service": "callserver", "hang": True})
    services.stop("callserver")
    lab.lab.settled(CVP, "callserver")
    services.start("callserver")
    for _ in range(3):
        assert "START_PENDING" in lab.run(CVP, "sc query callserver").out
    assert lab.run(CVP, "sc stop callserver").code == 1061
    lab.recover()
    assert lab.lab.settled(CVP, "callserver") is State.RUNNING


def test_a_disabled_service_runs_on_but_does_not_start(lab: Failing) -> None:
    lab.fail({"host": CVP, "kind": "disabled_service", "service": "callserver"})
    assert lab.run(CVP, "sc start callserver").code == 1056
    lab.run(CVP, "sc stop callserver")
    assert lab.lab.settled(CVP, "callserver") is State.STOPPED
    assert lab.run(CVP, "sc start callserver").code == 1058
    lab.recover()
    lab.run(CVP, "sc start callserver")
    assert lab.lab.settled(CVP, "callserver") is State.RUNNING


def test_a_service_needs_those_that_are_installed(lab: Failing) -> None:
    services = lab.host(ADS).services
    services.stop("CCEMonitor")
    lab.lab.settled(ADS, "CCEMonitor")
    lab.fail({"host": ADS, "kind": "missing_service", "service": "Tomcat9"})
    services.start("CCEMonitor")
    assert lab.lab.settled(ADS, "CCEMonitor") is State.STOPPED
    lab.recover()
    services.start("CCEMonitor")
    assert lab.lab.settled(ADS, "CCEMonitor") is State.RUNNING
