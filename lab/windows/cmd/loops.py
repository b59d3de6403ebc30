"""FOR: the values of its variables in each iteration, and their substitution in the body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from lab.windows import texts
from lab.windows.attributes import shown
from lab.windows.cmd import nodes
from lab.windows.invocation import Session
from lab.windows.paths import Drive, basename, has_wildcard
from lab.windows.streams import encoding_of

Values = Mapping[str, str]  # of the variables, by their letter


class Unsupported(Exception):
    """Raised for a form of FOR that the lab does not know: to do something else would be worse."""


@dataclass(frozen=True)
class Names:
    """The modifiers that take a variable's value as a file name."""

    drive: Drive
    session: Session

    def full(self, name: str) -> str:
        """Return `%~f`: the absolute path."""
        return self.drive.absolute(name, self.session.directory)

    def short(self, name: str) -> str:
        """Return `%~s`: the absolute path in 8.3 names, or in long ones on a drive without 8.3 names."""
        return self.drive.short(self.full(name))

    def attributes(self, name: str) -> str:
        """Return `%~a`: nine letters or dashes, nothing for a file that is not there."""
        return shown(self.drive.locate(self.full(name)))


def substituted(node: nodes.Node, values: Values, names: Names) -> nodes.Node:
    """Return the body with the variables replaced by their values."""

    def text(original: str) -> str:
        return re.sub(r"%(~[A-Za-z]+|[A-Za-z])", lambda found: _value(found, values, names), original)

    match node:
        case nodes.Simple():
            redirections = tuple(replace(one, target=text(one.target)) for one in node.redirections)
            return nodes.Simple(text(node.text), redirections)
        case nodes.Block():
            return replace(node, body=substituted(node.body, values, names))
        case nodes.Chain():
            return replace(
                node, left=substituted(node.left, values, names), right=substituted(node.right, values, names)
            )
        case nodes.If():
            condition = replace(node.condition, left=text(node.condition.left), right=text(node.condition.right))
            otherwise = node.otherwise and substituted(node.otherwise, values, names)
            return nodes.If(condition, substituted(node.then, values, names), otherwise)
        case nodes.For():
            return replace(node, items=text(node.items), body=substituted(node.body, values, names))
    return node


def _value(found: re.Match[str], values: Values, names: Names) -> str:
    """Return the text for `%x` or `%~nx`.

    The last of its letters that names a variable is the variable; those before it modify the value.
    """
    run = found.group(1).removeprefix("~")
    at = next((at for at in reversed(range(len(run))) if run[at] in values), None)
    if at is None:
        return found.group()
    value, changes, rest = values[run[at]], run[:at].lower(), run[at + 1 :]
    if not found.group(1).startswith("~"):
        return value
    plain = value.strip('"')
    whole = {"f": names.full, "s": names.short, "fs": names.short, "sf": names.short, "a": names.attributes}
    if changes in whole:
        return whole[changes](plain) + rest
    stem, dot, extension = basename(plain).rpartition(".")
    parts = {"n": stem if dot else extension, "x": dot + extension if dot else ""}
    if set(changes) - set(parts):
        raise Unsupported(found.group())
    return ("".join(parts[letter] for letter in "nx" if letter in changes) if changes else plain) + rest


def turns(loop: nodes.For, drive: Drive, session: Session, output_of: Callable[[str], bytes]) -> Iterator[Values]:
    """Return the variables' values for each iteration; raises Unsupported."""
    if loop.switch == "":
        return ({loop.variable: item} for item in _items(loop.items, drive, session))
    if loop.switch == "l":
        return ({loop.variable: str(number)} for number in _numbers(loop.items))
    if loop.switch == "f":
        return _fields(loop, drive, session, output_of)
    raise Unsupported(f"FOR /{loop.switch}")


def _items(text: str, drive: Drive, session: Session) -> Iterator[str]:
    for item in re.findall(r'"[^"]*"|[^\s,;="]+', text):
        if not has_wildcard(item):
            yield item
            continue
        folder = item.strip('"')[: len(item.strip('"')) - len(basename(item.strip('"')))]
        for path in drive.matching(drive.absolute(item.strip('"'), session.directory)):
            if not drive.is_folder(path):
                yield folder + basename(path)


def _numbers(text: str) -> Iterator[int]:
    start, step, end = ([int(number) for number in re.findall(r"-?\d+", text)] + [0, 0, 0])[:3]
    if not step:
        raise Unsupported("FOR /L with step 0")
    return iter(range(start, end + (1 if step > 0 else -1), step))


def _fields(loop: nodes.For, drive: Drive, session: Session, output_of: Callable[[str], bytes]) -> Iterator[Values]:
    options = loop.options.lower()
    backquotes = "usebackq" in options
    # If delims= is the last option, blanks belong to it; else the first blank ends it.
    delimiters = _option(r"delims=(?:(\S*)(?= +(?:tokens|skip|eol|usebackq))|(.*)$)", loop.options, " \t")
    skip = int(_option(r"skip=(\d+)", options, "0"))
    comment = _option(r"eol=(\S)", loop.options, ";")
    numbers = _option(r"tokens=([\d,*-]+)", options, "1")
    data = _lines(loop.items.strip(), drive, session, output_of, backquotes=backquotes)
    for line in data[skip:]:
        if not line.strip() or line.startswith(comment):
            continue
        found = _tokens(line, delimiters, numbers)
        if found:
            yield {chr(ord(loop.variable) + index): value for index, value in enumerate(found)}


def _option(pattern: str, options: str, default: str) -> str:
    found = re.search(pattern, options, re.IGNORECASE)
    return next((group for group in found.groups() if group is not None), "") if found else default


def _lines(
    text: str, drive: Drive, session: Session, output_of: Callable[[str], bytes], *, backquotes: bool
) -> list[str]:
    command, string = ("`", "'") if backquotes else ("'", '"')
    if text[:1] == command == text[-1:] and len(text) > 1:
        data = output_of(text[1:-1])
    elif text[:1] == string == text[-1:] and len(text) > 1:
        return [text[1:-1]]
    else:
        path = drive.absolute(text.strip('"'), session.directory)
        try:
            data = drive.locate(path).read_bytes()
        except OSError as error:
            raise Unsupported(texts.SYSTEM[2]) from error
    return [line.rstrip("\r") for line in data.decode(encoding_of(session.codepage), "replace").split("\n")]


def _tokens(line: str, delimiters: str, numbers: str) -> list[str]:
    """Return the tokens that `tokens=1,3-4*` selects."""
    wanted: list[int] = []
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", numbers):
        wanted += range(int(first), int(last or first) + 1)
    if not delimiters:
        return [line]
    cut = f"[{re.escape(delimiters)}]+"
    rest = re.sub(f"^{cut}", "", line)
    pieces = re.split(cut, rest)
    found = [pieces[number - 1] if 0 < number <= len(pieces) else "" for number in wanted]
    if numbers.endswith("*"):
        tail = re.split(cut, rest, maxsplit=max(wanted, default=0))
        found.append(tail[max(wanted, default=0)] if len(tail) > max(wanted, default=0) else "")
    return found if any(found) else []
