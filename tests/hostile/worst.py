"""Worst inputs of a regular expression, made from its own parts.

What makes a pattern slow is a text that nearly fits, for long, from many places. So its parts are followed from left to
right: what has fitted so far is repeated, and each part that may repeat is repeated, with every kind of character that
it takes; and behind all of that stands something that does not fit.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

_PROBES = "a0 \n\t\r.:-_/=\"'\\<>()[]{},;%@!?#&|~\x1b\x07\x08\x00$A\u00e9"
_ENDS = ("", "\x00", "\n")
_CROSSED, _FEW = 4, 8
_CUTS, _LINES, _STRETCHED = 6, 6, (" ", "\n", "a", "0", "<a ", "[", "\\")
_SYNTAX: Any = importlib.import_module("re._parser")  # what Python itself takes a pattern apart with
Make = Callable[[int], Any]  # a text of so many characters


def texts(pattern: re.Pattern[Any]) -> Iterator[Make]:
    """Ways to make a long text for a pattern, of bytes where it takes bytes."""
    wide = isinstance(pattern.pattern, str)
    for prefix, pump, end in _plans(pattern):
        yield partial(_long, prefix, pump, end, wide)


def _long(prefix: str, pump: str, end: str, wide: object, size: int) -> str | bytes:
    text = prefix + pump * (max(size - len(prefix) - len(end), 0) // len(pump)) + end
    return text if wide else text.encode("latin-1", "replace")


def _plans(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """Beginning, what is repeated, and end."""
    parsed = _SYNTAX.parse(pattern.pattern, pattern.flags & ~(0 if isinstance(pattern.pattern, str) else re.UNICODE))
    kinds = _kinds(parsed)
    plans: dict[tuple[str, str], None] = {}
    before = ""
    for sample, body in _parts(parsed):
        pumps = list(dict.fromkeys(filter(None, (_sample(body), *_takes(body, kinds)))))
        for pump in pumps:
            plans |= dict.fromkeys(((before, pump), ("", before + pump)))
            plans |= dict.fromkeys((before + pump, one) for one in pumps[:_CROSSED] if one != pump)
        before += sample
        plans |= dict.fromkeys((("", before), ("", before[:-1])))
    yield from ((prefix, pump, end) for prefix, pump in plans if pump for end in _ENDS)


def _kinds(parsed: Any) -> str:
    """One character of each kind that the parts of a pattern tell apart."""
    atoms = list(_atoms(parsed))
    return "".join({_signature(atoms, one): one for one in reversed(_PROBES)}.values())


def _signature(atoms: list[Any], one: str) -> tuple[bool, ...]:
    return (one == "\n", one.isalnum(), one.isspace(), *(_fits(atom, one) for atom in atoms))


def _atoms(parsed: Any) -> Iterator[Any]:
    for kind, value in parsed:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _atoms(value[2])
            case "SUBPATTERN":
                yield from _atoms(value[3])
            case "ATOMIC_GROUP":
                yield from _atoms(value)
            case "BRANCH":
                for one in value[1]:
                    yield from _atoms(one)
            case "ASSERT" | "ASSERT_NOT":
                yield from _atoms(value[1])
            case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY" | "CATEGORY":
                yield kind, value


def _parts(parsed: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a pattern in their order: a short text that fits each, and what may be repeated in it."""
    for kind, value in parsed:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, inner = value
                if most > _FEW:
                    yield "", inner
                yield from _parts(inner)
                yield _sample(inner) * min(max(int(least) - 1, 0), 100), ()
            case "SUBPATTERN":
                yield from _parts(value[3])
            case "ATOMIC_GROUP":
                yield from _parts(value)
            case "BRANCH":
                for one in value[1]:
                    yield "", one
                    yield from ((("", body)) for _, body in _parts(one) if body)
                yield from _parts(value[1][0])
            case _:
                yield _sample([(kind, value)]), ()


def _takes(body: Any, kinds: str) -> Iterator[str]:
    """The kinds of characters that a part takes which is no more than one of them."""
    if len(body) == 1 and str(body[0][0]) in ("IN", "ANY", "NOT_LITERAL", "CATEGORY"):
        yield from (one for one in kinds if _fits(body[0], one))


def _sample(parsed: Any) -> str:
    """A short text that fits."""
    text = ""
    for kind, value in parsed:
        match str(kind):
            case "LITERAL":
                text += chr(value)
            case "IN" | "ANY" | "NOT_LITERAL" | "CATEGORY":
                text += next((one for one in _PROBES if _fits((kind, value), one)), "a")
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += _sample(value[2]) * min(int(value[0]), 100)
            case "SUBPATTERN":
                text += _sample(value[3])
            case "ATOMIC_GROUP":
                text += _sample(value)
            case "BRANCH":
                text += _sample(value[1][0])
    return text


def _fits(item: Any, character: str) -> bool:
    kind, value = item
    fits: dict[str, Callable[[], bool]] = {
        "ANY": lambda: character != "\n",
        "LITERAL": lambda: chr(value) == character,
        "NOT_LITERAL": lambda: chr(value) != character,
        "CATEGORY": lambda: _is_of(str(value), character),
        "RANGE": lambda: bool(value[0] <= ord(character) <= value[1]),
        "IN": lambda: ("NEGATE" in map(_kind, value)) ^ any(_fits(one, character) for one in value),
    }
    return str(kind) in fits and fits[str(kind)]()


def _kind(item: Any) -> str:
    return str(item[0])


def _is_of(category: str, character: str) -> bool:
    word = character.isalnum() or character == "_"
    found = {"DIGIT": character.isdecimal(), "SPACE": character.isspace(), "WORD": word}[category.rpartition("_")[2]]
    return found ^ ("_NOT_" in category)


def of_sample(sample: str | bytes) -> Iterator[Make]:
    """Long texts made from a real one: it, its lines and its parts again and again, and what stands in it stretched."""
    text = sample.decode("latin-1") if isinstance(sample, bytes) else sample
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    cuts = sorted({len(text) * part // _CUTS for part in range(_CUTS)})
    plans = [("", text), ("", "".join(text.split("\n")))]
    plans += [("", line) for line in dict.fromkeys(lines[:_LINES])]
    plans += [("", line.strip()) for line in dict.fromkeys(lines[:_LINES])]
    plans += [(text[:cut], pump) for cut in cuts for pump in _STRETCHED]
    for prefix, pump in plans:
        if pump:
            yield partial(_of_sample, prefix, pump, isinstance(sample, bytes))


def _of_sample(prefix: str, pump: str, narrow: object, size: int) -> str | bytes:
    text = prefix + pump * (max(size - len(prefix), 0) // len(pump))
    return text.encode("latin-1", "replace") if narrow else text
