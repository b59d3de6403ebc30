"""Texts measured in a terminal's columns, whatever language they are in."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reports.pages import cells
from reports.pages.cells import clipped, left, right, width, wrapped

TEXTS = st.text("ab证書サー、。（）「」 .-", max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("证书", 4), ("トラストストア", 14), ("ｶﾅ", 2), ("a：b", 4), ("が", 2), ("か\u3099", 2)],
)
def test_a_wide_character_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns
    assert width(left(text, 20)) == width(right(text, 20)) == 20


@given(st.text("ab c.-(", max_size=80), st.integers(1, 40))
def test_what_has_no_wide_characters_is_wrapped_as_ever(text: str, columns: int) -> None:
    text = " ".join(text.split())
    known = textwrap.wrap(text, columns, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    assert wrapped(text, columns) == known


@given(TEXTS, st.integers(8, 40), st.sampled_from([0, 2, 6]))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, columns: int, indent: int) -> None:
    lines = wrapped(text, columns, indent)
    assert "".join("".join(lines).split()) == "".join(text.split())
    wide = [line.strip() for line in lines if width(line) > columns]
    assert [line for line in wide if [*cells._pieces(line)] != [line]] == []  # only what has no place to break


def test_no_line_begins_with_a_full_stop_or_ends_with_an_open_bracket() -> None:
    lines = wrapped("変更は完了しました。すべてのステップ（実行）が、「終了」しています。", 12)
    assert all(line.strip()[0] not in "。、）」" and line.strip()[-1] not in "（「" for line in lines)
    assert max(map(width, lines)) <= 12
    assert len(lines) > 4


def test_a_number_stays_with_what_it_counts() -> None:
    assert wrapped("已完成步骤12个、失败3个", 12) == ["已完成步", "  骤12个、失", "  败3个"]


@given(st.text(max_size=60), st.integers(4, 40))
@example("000000\u03000", 6)
@example("000000\u03000", 7)
def test_a_clipped_line_fits_and_moves_no_cursor(text: str, columns: int) -> None:
    shown = clipped(text, columns)
    assert width(shown) <= columns
    assert shown.isprintable()
