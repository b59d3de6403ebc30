"""Inputs by chance: real ones altered a little or much, mixed with one another, and garbage without any grammar."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

# What has a meaning to some parser, or to a terminal, a page or Python, where nobody expects it.
TOKENS: tuple[str, ...] = (
    *("\0", "\r", "\n", "\r\n", "\n\n\n", "\t", " ", "  ", " " * 79, "\x07", "\x08", "\x0b", "\x1b", "\x85", "\u2028"),
    *(
        "\x1b[2J",
        "\x1b[",
        "\x1b]0;",
        "\x1b[K",
        "\u202e",
        "\ufeff",
        "\ud800",
        "\ufffd",
        "é",
        "ß",
        "别名",
        "：",
        "エラー",
    ),
    *(
        "0",
        "-1",
        "1",
        "4",
        "9" * 18,
        "9" * 5000,
        "2147483648",
        "4294967296",
        "0x" + "f" * 40,
        "1e999",
        "NaN",
        "-0",
        "٣",
    ),
    *(
        ":",
        "=",
        "=" * 9,
        ";",
        ",",
        ".",
        "..",
        "/",
        "\\",
        "\\" * 9,
        "'",
        '"',
        "`",
        "<",
        ">",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
    ),
    *("[" * 3000, "{" * 3000, "(" * 300, '{"a":' * 2000, "<a>" * 300, "<td>" * 50, "- " * 200, "? " * 200, '"' * 99),
    *(
        "&a",
        "*a",
        "<<: *a",
        "!!binary",
        "!!python/object:os.system",
        "&#x",
        "&#" + "9" * 5000 + ";",
        "&amp",
        "%00",
        "%s",
    ),
    *("<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE", "<?", "<!ENTITY a 'b'>", "</", "<form>", "<table>", "<option>"),
    *("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "MIIB", "MA==", "admin:", "REG_SZ", "HKEY_", "\\u00"),
    *(
        "null",
        "true",
        "None",
        "__class__",
        "{0}",
        "{x}",
        "$(x)",
        "${x}",
        "../" * 9,
        "C:\\",
        "\\\\?\\",
        "\\runbook-lock",
    ),
)
_LONGEST = 100_000  # characters
_RARELY = 0.02


class Chance:
    """Makes inputs out of samples, the same ones for the same seed."""

    def __init__(self, seed: str, samples: Sequence[str | bytes], others: Sequence[str | bytes]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - inputs, no secrets
        self._samples = [_text(one) for one in samples] or [""]
        self._others = [_text(one) for one in others]
        self._ways: tuple[Callable[[str], str], ...] = (
            self._without,
            self._twice,
            self._with_a_token,
            self._with_a_token,
            self._cut,
            self._lines_moved,
            self._with_a_piece_of_another,
            self._letters_changed,
            self._number_changed,
        )

    def next(self) -> str | bytes:
        """The next input: text, or bytes that are none."""
        text = self._garbage() if self._random.random() < 0.1 else self._altered()
        if self._random.random() < _RARELY:
            text = text * self._random.randint(2, 200)
        text = text[:_LONGEST]
        if self._random.random() < 0.15:
            return self._bytes(text)
        return text

    def _altered(self) -> str:
        text = self._random.choice(self._samples)
        for _ in range(self._random.choice((0, 1, 1, 2, 3, 6))):
            text = self._random.choice(self._ways)(text)
        return text

    def _garbage(self) -> str:
        draw = self._random
        if draw.random() < 0.5:
            return "".join(draw.choice(TOKENS) for _ in range(draw.randint(0, 12)))
        return "".join(
            chr(draw.choice((draw.randrange(128), draw.randrange(0x3000)))) for _ in range(draw.randint(0, 200))
        )

    def _bytes(self, text: str) -> bytes:
        encoding = self._random.choice(("utf-8", "utf-8", "utf-16", "utf-16-be", "cp1252", "cp932"))
        data = bytearray(text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace"))
        for _ in range(self._random.randint(0, 5)):
            if data:
                data[self._random.randrange(len(data))] = self._random.randrange(256)
        return bytes(data)

    # -- ways to alter a text -----------------------------------------------------------------------------------------

    def _place(self, text: str) -> tuple[int, int]:
        begin = self._random.randint(0, len(text))
        return begin, min(len(text), begin + self._random.choice((0, 1, 1, 2, 5, 20, 200)))

    def _without(self, text: str) -> str:
        begin, end = self._place(text)
        return text[:begin] + text[end:]

    def _twice(self, text: str) -> str:
        begin, end = self._place(text)
        return text[:begin] + text[begin:end] * self._random.choice((2, 2, 3, 40)) + text[end:]

    def _with_a_token(self, text: str) -> str:
        begin, end = self._place(text)
        return text[:begin] + self._random.choice(TOKENS) + text[self._random.choice((begin, end)) :]

    def _cut(self, text: str) -> str:
        begin, _ = self._place(text)
        return text[:begin] if self._random.random() < 0.7 else text[begin:]

    def _lines_moved(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        if len(lines) > 1:
            one, other = self._random.randrange(len(lines)), self._random.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
        return "".join(lines)

    def _with_a_piece_of_another(self, text: str) -> str:
        other = self._random.choice(self._others or self._samples)
        begin, end = self._place(other)
        at, _ = self._place(text)
        return text[:at] + other[begin:end] + text[at:]

    def _letters_changed(self, text: str) -> str:
        letters: list[Any] = list(text)
        for _ in range(self._random.choice((1, 3, 9))):
            if letters:
                letters[self._random.randrange(len(letters))] = chr(self._random.randrange(0x250))
        return "".join(letters)

    def _number_changed(self, text: str) -> str:
        digits = [at for at, one in enumerate(text) if one.isdecimal()]
        if not digits:
            return text
        at = self._random.choice(digits)
        number = self._random.choice(("", "-1", "0", "7", "99", "65536", "4294967296", "9" * 30, "9" * 5000))
        return text[:at] + number + text[at + 1 :]


def _text(sample: str | bytes) -> str:
    return sample if isinstance(sample, str) else sample.decode("latin-1")
