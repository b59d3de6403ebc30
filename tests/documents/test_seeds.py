"""Every line of the documents is accounted for, where somebody has them; and what the comparison would tell."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.documents.items import EDITIONS, Coverage, Edition, load
from tests.documents.seeds import problems, text_of

_ROOT = Path(__file__).parents[2]
_FOLDER = Path(os.environ.get("SOURCE_DOCUMENTS", _ROOT.parent / "shared" / "seeds"))


@pytest.mark.skipif(
    not _FOLDER.is_dir(), reason="the source documents are not here: name their folder in SOURCE_DOCUMENTS"
)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_line_note_step_and_command_of_the_documents_is_in_the_data(edition: Edition) -> None:
    assert list(problems(load(), edition, text_of(_FOLDER, edition))) == []


TEXT = """Title
(i) List
keytool -list -keystore a
注意: mind it
```
keytool -import -
```

```
storepass b
```
"""
DATA = """
editions: {zh: Chinese}
differences: {}
errors: {}
own_steps: {}
beside: {zh: {1: title}}
sections:
- title: One
  items:
  - {at: (i), kind: step, zh: 2, says: List., steps: [1.1.i]}
  - {at: (i), kind: command, zh: 3, command: keytool -list -keystore a, role: cvp, steps: [1.1.i]}
  - {at: (i), kind: note, zh: 4, says: Mind it., steps: [1.1.i]}
  - {at: (ii), kind: command, zh: 5-10, command: keytool -import -storepass b, role: cvp, steps: [1.4.ii]}
"""


def data(old: str = "", new: str = "") -> Coverage:
    assert old in DATA
    return load(DATA.replace(old, new))


def test_a_text_whose_lines_all_have_their_item_has_no_problem() -> None:
    assert list(problems(data(), "zh", TEXT)) == []


@pytest.mark.parametrize(
    "coverage, text, told",
    [
        (data(), TEXT + "one more line\n", "12: no item has this line"),
        (data(), TEXT + "keytool -delete -alias c\n", "12: no item for the command"),
        (data(), TEXT.replace("-keystore a", "-keystore b"), "not there as it is in the data: keytool -list"),
        (data(), TEXT.replace("storepass b", "storepass c"), "not there as it is in the data: keytool -import"),
        (data("command: keytool -list -keystore a", "command: keytool -list"), TEXT, "not there as it is"),
        (data("kind: note", "kind: statement"), TEXT, "4: no note or caution"),
        (data(), TEXT.replace("mind it", "mind it 注意: and this"), "4: no note or caution"),
        (data("kind: step", "kind: statement"), TEXT, "2: no step for"),
        (data("{1: title}", "{1-2: title}"), TEXT, "2: both an item and beside"),
        (data("{1: title}", "{1: title, 40: more}"), TEXT, "40: the text ends before"),
    ],
)
def test_what_the_text_and_the_data_do_not_share_is_told(coverage: Coverage, text: str, told: str) -> None:
    assert [line for line in problems(coverage, "zh", text) if told in line] != []


def test_a_folder_without_the_edition_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"one file \*\.ja\.txt is expected, found 0"):
        text_of(tmp_path, "ja")
