"""What lines do to the host, beyond what they print."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.windows import CmdExe, Disk, JavaTools, WindowsError
from lab.windows.short_names import short_names
from tests.lab.windows.host import KEYTOOL, Host, make_host, utc

_OLD = utc(2020, 1, 2, 3, 4, 5)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    made = make_host(tmp_path)
    os.utime(made.path("a.txt"), (_OLD, _OLD))
    return made


@pytest.mark.parametrize(
    "line, target",
    [
        ("copy /y a.txt b.txt", "b.txt"),
        ("xcopy /o /h /k /r /y a.txt sub\\", "sub/a.txt"),
        ("xcopy /q /y a.txt b.txt", "b.txt"),
        ("move /y A.TXT b.txt", "b.txt"),
    ],
)
def test_a_copy_keeps_content_and_time(host: Host, line: str, target: str) -> None:
    assert host.run(line).code == 0
    assert host.path(target).read_bytes() == b"alpha\r\nbeta\r\n"
    assert host.path(target).stat().st_mtime == _OLD


def test_a_touch_sets_the_time_alone(host: Host) -> None:
    assert host.run("copy /b a.txt+,,").code == 0
    assert host.path("a.txt").stat().st_mtime > _OLD
    assert host.path("a.txt").read_bytes() == b"alpha\r\nbeta\r\n"


def test_a_touch_with_a_target_copies_with_the_time_of_now(host: Host) -> None:
    assert host.run("copy /b a.txt+,, sub\\").code == 0
    assert host.path("sub/a.txt").stat().st_mtime > _OLD
    assert host.path("a.txt").stat().st_mtime == _OLD


def test_text_mode_joins_up_to_control_z(host: Host) -> None:
    host.path("z").write_bytes(b"one\x1atwo")
    host.run("copy z+a.txt x")
    assert host.path("x").read_bytes() == b"onealpha\r\nbeta\r\n\x1a"


def test_access_goes_with_xcopy_o_and_move_only(host: Host) -> None:
    own = ["BUILTIN\\Administrators:(F)"]
    host.machine.set_acl("C:\\work\\a.txt", own)
    for line in ("xcopy /o /y a.txt sub\\", "copy a.txt plain.txt", "move a.txt moved.txt"):
        assert host.run(line).code == 0
    assert host.machine.acl("C:\\work\\sub\\a.txt") == own
    assert host.machine.acl("C:\\work\\moved.txt") == own
    assert host.machine.acl("C:\\work\\plain.txt") != own
    assert host.machine.acl("C:\\work\\a.txt") != own
    host.run("del moved.txt")
    assert host.machine.acl("C:\\work\\moved.txt") != own


def test_rights_are_changed_and_reset(host: Host) -> None:
    host.run("icacls a.txt /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F SYSTEM:F LAB\\runbook:(R,W)")
    rows = host.run("icacls a.txt").text.splitlines()
    assert {row[6:] for row in rows[:3]} == {
        "BUILTIN\\Administrators:(OI)(CI)(F)",
        "NT AUTHORITY\\SYSTEM:(F)",
        "LAB\\runbook:(R,W)",
    }
    host.run("icacls a.txt /remove SYSTEM")
    assert "SYSTEM" not in host.run("icacls a.txt").text
    host.run("icacls a.txt /reset")
    assert "SYSTEM:(I)" in host.run("icacls a.txt").text


def test_one_of_many_shells_makes_the_folder(host: Host) -> None:
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda name=name: codes.append(host.run(f"mkdir {name}").code))
        for name in ("Lock", "lock", "LOCK", "lOcK") * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [0, *[1] * 11]


def test_a_line_leaves_directory_and_variables_behind(host: Host) -> None:
    host.run("cd sub & set X=1 & chcp 437")
    assert host.run("cd & echo %X%").text == "C:\\work\n%X%\n"


@pytest.mark.parametrize("codepage, data", [(65001, "é株".encode()), (437, b"\x82?"), (932, "株".encode("cp932"))])
def test_text_goes_out_in_the_code_page(host: Host, codepage: int, data: bytes) -> None:
    answer = host.run("echo é株" if codepage != 932 else "echo 株", codepage=codepage)
    assert answer.out == data + b"\r\n"


_OWNER, _DENIED = "owner", "deny"


@pytest.mark.parametrize("level, administrators", [("S-1-16-12288", _OWNER), ("S-1-16-8192", _DENIED)])
def test_groups_show_whether_the_shell_is_elevated(host: Host, level: str, administrators: str) -> None:
    rows = host.run("whoami /groups", elevated=administrators == _OWNER).text.splitlines()
    assert any(level in row and row.startswith("Mandatory Label") for row in rows)
    assert any("S-1-5-32-544" in row and administrators in row for row in rows)
    assert len({len(row) for row in rows[4:]}) == 1, "columns are padded"


def test_wmic_speaks_of_processes_and_files(host: Host) -> None:
    answer = host.run("wmic process where processid=3976 get creationdate")
    assert answer.out == (b"CreationDate               \r\r\n20260115093012.123456+480  \r\r\n\r\r\n")
    none = host.run("wmic process where processid=1 get creationdate")
    assert (bytes(none.out), bytes(none.err), none.code) == (b"\r\0\n\0", b"No Instance(s) Available.\r\r\n", 0)
    file = host.run("wmic datafile where \"name='C:\\\\work\\\\a.txt'\" get lastmodified").out
    assert file.startswith(b"LastModified               \r\r\n202001")
    host.run("wmic process where processid=3976 get creationdate > w.txt")
    assert host.path("w.txt").read_bytes().startswith(b"\xff\xfeC\0r\0")


def test_services_are_listed(host: Host) -> None:
    assert "SERVICE_NAME: ssdpsrv".lower() in host.run("sc enumdepend http 4096").text.lower()
    assert host.run("sc query state= all").text.count("DISPLAY_NAME") == 7
    assert "   Docker Engine\n" in host.run("net start").text
    assert "BINARY_PATH_NAME" in host.run("sc qc docker").text
    refused = host.run("net stop http")
    assert (refused.error, refused.code) == ("No valid response was provided.\n", 2)


class _FullDisk(Disk):
    def write_file(self, place: Path, data: bytes) -> None:
        super().write_file(place, data[: len(data) // 2])
        raise WindowsError(112)


def test_a_full_disk_is_said_and_nothing_counted(tmp_path: Path) -> None:
    answer = make_host(tmp_path, disk=_FullDisk()).run("copy a.txt new.txt")
    assert (answer.text, answer.error, answer.code) == (
        "        0 file(s) copied.\n",
        "There is not enough space on the disk.\n",
        1,
    )


def test_a_cancelled_line_runs_nothing_more(host: Host) -> None:
    cancelled = threading.Event()
    cancelled.set()
    assert host.run("echo a > new.txt", cancelled=cancelled).code < 0
    assert not host.path("new.txt").exists()


def test_what_windows_does_not_have_fails(host: Host) -> None:
    for name in ("ls", "powershell", "notepad", "sc2", "C:\\work\\x.exe"):
        assert host.run(f"{name} -x").code != 0
    host.path("other.exe").touch()
    assert host.run("other").error == "The system cannot execute the specified program.\n"


def test_a_drive_without_8_3_names_has_long_ones_alone(host: Host) -> None:
    host.commands = CmdExe(host.machine, JavaTools(KEYTOOL), short_names=False)
    line = 'for %i in ("C:\\Program Files (x86)" C:\\PROGRA~1) do @echo %~fsi& if exist "%i" echo there'
    assert host.run(line).text == "C:\\Program Files (x86)\nthere\nC:\\PROGRA~1\n"


@given(st.lists(st.from_regex(r"[A-Za-z0-9 ._-]{1,20}[a-z]", fullmatch=True), max_size=6, unique_by=str.upper))
def test_8_3_names_are_short_and_each_is_given_once(names: list[str]) -> None:
    found = short_names(names)
    assert sorted(found) == sorted(names)
    assert len({short.upper() for short in found.values()}) == len(names)
    assert all(re.fullmatch(r"[^. ]{1,8}(\.[^. ]{1,3})?", short) for short in found.values())
