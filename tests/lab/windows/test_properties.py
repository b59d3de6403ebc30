"""What holds for every line, not only for the tables'."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.windows import arguments
from lab.windows.cmd.cursor import CmdSyntaxError
from lab.windows.cmd.lexer import lexed, text_of
from lab.windows.cmd.parser import parsed
from lab.windows.paths import Drive, WindowsError
from tests.lab.windows.host import Host, make_host

_quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_WORDS = """
echo if else not exist for %x in do /f defined ( ) & && | || < > >> 2>&1 ^ " ' % %PATH% %CD:~1% @ a.txt == 1 nul type
set call exit cmd /c rem more copy xcopy move del cd sc findstr reg icacls certutil wmic netsh where sub
"""
_words = st.sampled_from(_WORDS.split())
_lines = st.one_of(st.text(max_size=40), st.lists(_words, max_size=12).map(" ".join))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return make_host(tmp_path)


@_quick
@given(_lines)
def test_parsing_gives_commands_or_a_syntax_error(line: str) -> None:
    assert text_of(lexed(line)) is not None
    try:
        assert parsed(line) is not None
    except CmdSyntaxError:
        return


@_quick
@given(line=_lines)
@example(line="(" * 4000)
@example(line="a & " * 2000)
@example(line="if 1==1 " * 900)
@example(line="cmd /c " * 1100)
@example(line="%" * 8000)
@example(line="\0")
@example(line="\x85")
def test_every_line_ends_in_an_exit_code(host: Host, line: str) -> None:
    before = sorted(host.machine.drive.parent.iterdir())
    answer = host.run(line)
    assert -(2**31) <= answer.code < 2**31
    assert sorted(host.machine.drive.parent.iterdir()) == before, "something left the drive"


@_quick
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), max_size=5))
def test_arguments_survive_quoting(words: list[str]) -> None:
    assert arguments.split(arguments.join(words)) == words


@_quick
@given(st.text(alphabet='ab \\"\t', max_size=30))
def test_any_text_is_cut_into_arguments(text: str) -> None:
    words = arguments.split(text)
    assert "".join(words).count("a") == text.count("a")


@pytest.mark.parametrize(
    "text, words",
    [  # the rows of Microsoft's own table, and doubled quotes
        (r'"a b c" d e', ["a b c", "d", "e"]),
        (r'"ab\"c" "\\" d', ['ab"c', "\\", "d"]),
        (r"a\\\b d\"e f\"g h", [r"a\\\b", 'd"e', 'f"g', "h"]),
        (r"a\\\"b c d", [r"a\"b", "c", "d"]),
        (r'a\\\\"b c" d e', [r"a\\b c", "d", "e"]),
        (r'a"b"" c d', ['ab" c d']),
        (r"C:\a\ b", ["C:\\a\\", "b"]),
        ('""', [""]),
        ("", []),
    ],
)
def test_the_runtime_rules(text: str, words: list[str]) -> None:
    assert arguments.split(text) == words


@_quick
@given(st.text(alphabet="aC:\\/.*? ~é", max_size=20), st.sampled_from(["C:\\", "C:\\work", "C:\\work\\sub"]))
def test_no_path_leads_off_the_drive(host: Host, path: str, directory: str) -> None:
    drive = Drive(host.machine.drive)
    try:
        place = drive.locate(drive.absolute(path, directory))
    except WindowsError:
        return
    assert place.is_relative_to(host.machine.drive)
    assert ".." not in place.parts


def test_a_link_off_the_drive_is_refused(host: Host, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (host.machine.drive / "work" / "link").symlink_to(tmp_path)
    assert host.run("type link\\secret").error == "Access is denied.\n"
