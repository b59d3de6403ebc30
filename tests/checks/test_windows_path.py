"""Paths as Windows compares them, however somebody has typed them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.windows_path import cleaned, is_a_path, is_absolute, may_be_short, same_spelling

CVP = r"C:\Cisco\CVP\conf"
SAME = {
    "case": r"c:\cisco\CVP\CONF",
    "a doubled separator": r"C:\Cisco\CVP\\conf",
    "a last separator": "C:\\Cisco\\CVP\\conf\\",
    "two of them": "C:\\Cisco\\CVP\\conf\\\\",
    "forward slashes": "C:/Cisco/CVP/conf/",
    "quotes": r'"C:\Cisco\CVP\conf"',
    "quotes around a part": r'"C:\Cisco"\CVP\conf',
    "a backslash before the last quote": r'"C:\Cisco\CVP\conf\"',
    "blanks around it": " C:\\Cisco\\CVP\\conf \t",
    "dots": r"C:\Cisco\.\other\..\CVP\conf",
    "a dot and a blank that Windows drops": r"C:\Cisco.\CVP \conf",
    "the prefix of a literal path": r"\\?\C:\Cisco\CVP\conf",
}
OTHER = {
    "another folder": r"C:\Cisco\CVP\config",
    "one above": r"C:\Cisco\CVP",
    "another drive": r"D:\Cisco\CVP\conf",
    "a share": r"\\Cisco\CVP\conf",
    "relative": r"Cisco\CVP\conf",
    "nothing": "",
    "a letter that folds to two": r"C:\Cisco\CVP\conß",
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_one_path_in_two_spellings(other: str) -> None:
    assert same_spelling(CVP, other)
    assert same_spelling(other, CVP)


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_two_paths(other: str) -> None:
    assert not same_spelling(CVP, other)


@pytest.mark.parametrize(
    "one, other, same",
    [
        (r"C:\straße", r"C:\STRASSE", False),
        (r"C:\Äpfel", r"C:\äPFEL", True),
        (r"\\server\share\a", r"\\?\UNC\SERVER\share\a", True),
        ("C:\\", "c:", False),
    ],
)
def test_ntfs_folds_letter_by_letter(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    assert same_spelling(one, other) is same


@pytest.mark.parametrize(
    "path, absolute",
    [("C:\\x", True), (r"\\server\share", True), ("C:x", False), ("jre", False), (r"\jre", False), (r"\\x", False)],
)
def test_an_absolute_path_names_one_place(path: str, absolute: bool) -> None:  # noqa: FBT001
    assert is_absolute(path) is absolute


@pytest.mark.parametrize(
    "path, one", [(CVP, True), ("C:\\" + "a" * 1100, False), (r"C:\a%b%", False), (r"C:\*", False), (r"C:\a|b", False)]
)
def test_what_could_be_no_path(path: str, one: bool) -> None:  # noqa: FBT001
    assert is_a_path(path) is one


def test_an_8_3_name_is_seen() -> None:
    assert may_be_short(r"C:\PROGRA~2\Java")
    assert not may_be_short(r"C:\~backup\x~")


NAME = st.from_regex(r"[A-Za-z0-9_-]([A-Za-z0-9 ._-]{0,8}[A-Za-z0-9_-])?", fullmatch=True)
SEPARATOR = st.sampled_from(["\\", "\\\\", "/", "\\.\\"])


@given(st.lists(NAME, min_size=1, max_size=5), st.data())
def test_any_spelling_of_a_path_is_that_path_and_cleaning_ends(names: list[str], data: st.DataObject) -> None:
    plain = "C:\\" + "\\".join(names)
    typed = "C:" + "".join(
        data.draw(SEPARATOR) + (name.upper() if data.draw(st.booleans()) else name) for name in names
    )
    typed += data.draw(st.sampled_from(["", "\\", "/"]))
    typed = f'"{typed}"' if data.draw(st.booleans()) else typed

    assert same_spelling(plain, typed)
    assert not same_spelling(plain, f"{typed}\\more")
    assert cleaned(cleaned(typed)) == cleaned(typed)
    assert cleaned(plain) == plain
