"""What goes wrong on a host, and forms that the tables cannot fix."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lab.contract import ServiceStatus, State
from lab.windows import CmdExe, Disk, Invocation, JavaTools, WindowsError
from lab.windows.paths import Drive
from lab.windows.programs import net
from lab.windows.streams import encoding_of
from tests.lab.windows.host import KEYTOOL, Host, make_host

_STAMP = re.compile(r"\d\d/\d\d/\d{4}  \d\d:\d\d [AP]M")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return make_host(tmp_path)


def test_a_folder_is_listed_with_its_totals(host: Host) -> None:
    host.run("echo abc> sub\\x.txt")
    text = _STAMP.sub("WHEN", host.run("dir /s *.txt").text)
    assert text == (
        " Volume in drive C has no label.\n Volume Serial Number is F852-7C0F\n\n Directory of C:\\work\n\n"
        "WHEN                13 a.txt\nWHEN                14 b.txt\nWHEN                13 Same.TXT\n"
        "               3 File(s)             40 bytes\n\n Directory of C:\\work\\sub\n\n"
        "WHEN                 5 x.txt\n               1 File(s)              5 bytes\n\n"
        "     Total Files Listed:\n               4 File(s)             45 bytes\n"
        "               0 Dir(s)  42,949,672,960 bytes free\n"
    )
    assert _STAMP.sub("WHEN", host.run("dir sub").text).splitlines()[4:] == [
        "",
        "WHEN    <DIR>          .",
        "WHEN    <DIR>          ..",
        "WHEN                 5 x.txt",
        "               1 File(s)              5 bytes",
        "               2 Dir(s)  42,949,672,960 bytes free",
    ]


def test_a_service_that_does_not_come_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    services = host.machine.services
    monkeypatch.setattr(services, "start", services.status)
    answer = host.run("net start scmbus")
    assert (answer.text, answer.code) == (
        "The SCM Bus service is starting.\nThe SCM Bus service could not be started.\n",
        2,
    )
    assert answer.error.startswith("The service did not report an error.\n")


def test_a_service_that_does_not_stop(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    services = host.machine.services

    def hangs(name: str) -> ServiceStatus:
        return replace(services.known[name.lower()], state=State.STOP_PENDING)

    monkeypatch.setattr(net, "_PATIENCE", 0.0)
    monkeypatch.setattr(services, "stop", hangs)
    monkeypatch.setattr(services, "status", lambda name: hangs(name) if name != "http" else services.known[name])
    answer = host.run("net stop http /y")
    assert (answer.error, answer.code) == ("The SSDP Discovery service could not be stopped.\n\n", 2)


@pytest.mark.parametrize(
    "user, shown, ending",
    [
        ("LAB\\runbook", "lab\\runbook", ""),
        ("Administrator", "cvp1\\administrator", "-500"),
        ("a@lab.example", "lab\\a", ""),
    ],
)
def test_accounts_have_names_and_sids(host: Host, user: str, shown: str, ending: str) -> None:
    row = host.run("whoami /user", user=user).text.splitlines()[-1]
    name, sid = row.split()
    assert name == shown
    assert sid.startswith("S-1-5-21-")
    assert sid.endswith(ending)


def test_java_says_its_version(host: Host) -> None:
    java = host.machine.drive / "work" / "java.exe"
    java.touch()
    assert host.run("java -version").error.splitlines()[0] == 'java version "1.8.0_221"'
    assert host.run("java -jar x").code == 1
    assert host.run("where java").text == "C:\\work\\java.exe\n"


def test_quotes_around_an_executable_name_stay(host: Host) -> None:
    (host.machine.drive / "my dir").mkdir()
    (host.machine.drive / "my dir" / "java.exe").touch()
    assert host.run('"C:\\my dir\\java.exe"').error.startswith("Error: Could not find")
    assert host.run('"D:\\my dir\\java.exe"').error.startswith("The system cannot find the drive")


def test_a_line_too_long_or_too_deep_is_refused(host: Host) -> None:
    assert host.run("echo " + "%JAVA_HOME%" * 700).error == "The input line is too long.\n"
    assert "nested this deep" in host.run(("cmd /c " + "if 1==1 " * 45) * 12 + "echo a").error
    assert "too deep" in host.run("cmd /c " * 20 + "echo a").error


def test_wmic_lists_and_refuses(host: Host) -> None:
    listed = host.run("wmic process where processid=3976 get creationdate /value").out
    assert listed == b"\r\r\n\r\r\nCreationDate=20260115093012.123456+480\r\r\n\r\r\n\r\r\n"
    assert host.run("wmic process list").code == -2147217385
    for name in ("C:\\\\work\\\\nope", "D:\\\\x"):
        assert b"No Instance" in host.run(f"wmic datafile where name='{name}' get lastmodified").err


def test_this_system_refuses_too(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError

    for name in ("write_bytes", "open", "rmdir", "unlink", "replace", "mkdir"):
        monkeypatch.setattr(Path, name, denied)
    for line in (
        "copy a.txt x",
        "echo a >> x",
        "rmdir sub",
        "del a.txt",
        "move a.txt x",
        "mkdir x\\y",
        "xcopy a.txt x\\",
    ):
        assert "Access is denied.\n" in host.run(line).error, line


def test_a_missing_keytool_is_an_error(tmp_path: Path) -> None:
    broken = make_host(tmp_path, java=JavaTools(tmp_path / "none"))
    assert broken.run('@"%JAVA_HOME%\\bin\\keytool.exe" -list').code == 1


def test_a_keytool_that_takes_its_time_can_be_cancelled(tmp_path: Path) -> None:
    host = make_host(tmp_path, java=JavaTools(KEYTOOL, latency=30))
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    assert host.run('@"%JAVA_HOME%\\bin\\keytool.exe" -list', cancelled=cancelled).code < 0


def test_a_host_may_have_programs_of_its_own(host: Host) -> None:
    def decrypt(invocation: Invocation) -> int:
        invocation.stdout.line(f"secret of {invocation.program}")
        return invocation.fail(OSError(28, "full"), 7)

    host.path("DecryptKeystoreUtil.bat").touch()
    commands = CmdExe(host.machine, JavaTools(KEYTOOL), disk=Disk(), more_programs={"decryptkeystoreutil.bat": decrypt})
    answer = Host(host.machine, commands).run("decryptkeystoreutil")
    assert answer.text == "secret of C:\\work\\DecryptKeystoreUtil.bat\n"
    assert (answer.error, answer.code) == ("There is not enough space on the disk.\n", 7)


def test_two_shells_may_make_the_folder_on_the_way(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    plain = type(host.commands._interpreter.drive).is_folder

    def late(self: object, path: str) -> bool:
        if path.endswith("\\way") and not seen:
            seen.append(plain(self, path))  # type: ignore[arg-type]
            (host.machine.drive / "work" / "way").mkdir()
            return False
        return plain(self, path)  # type: ignore[arg-type]

    monkeypatch.setattr(type(host.commands._interpreter.drive), "is_folder", late)
    assert host.run("mkdir way\\x").code == 0
    assert host.path("way/x").is_dir()


def test_the_clock_is_cmd_s(host: Host) -> None:
    assert re.fullmatch(r"[ \d]\d:\d\d:\d\d\.\d\d [A-Z][a-z]{2} \d\d/\d\d/\d{4}\n", host.run("echo %TIME% %DATE%").text)


def test_a_path_may_be_too_long(host: Host) -> None:
    with pytest.raises(WindowsError, match="too long"):
        Drive(host.machine.drive).absolute("x\\" * 20000, "C:\\")


def test_an_unknown_code_page_is_the_console_s(host: Host) -> None:
    assert encoding_of(4242) == "cp437"
    assert host.run("chcp 936 & echo 证").out.endswith("证".encode("gbk") + b"\r\n")
