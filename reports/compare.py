"""The differences between two verifications of a site: `python -m reports.compare A B [--html FILE]`.

A and B are folders of evidence (a change's, a night's, or one run's) or their `verification.json`. Exit codes: 0
nothing differs, 1 something does, 2 they cannot be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from fixtures.system.plain_files import is_plain
from reports.given import NoEvidence, whole
from reports.journal import history
from reports.journal.chains import run_folders
from reports.journal.decoded import decode
from reports.pages import html as pages
from reports.pages.files import write_whole
from reports.pages.moments import moment
from reports.pages.wording import ENGLISH, Words, complain, languages, not_shown, print_lines, words, words_for_output
from reports.verification import comparison, verification
from reports.verification.comparison import Comparison, Row
from reports.verification.verification import Verification


class CannotCompare(Exception):
    """Raised if one of the two is no verification, or if they are of different sites; the message is one line."""


def load(path: Path) -> Verification:
    """Return the verification in a file or folder. Raises CannotCompare."""
    file = path / verification.NAME if path.is_dir() else path
    if is_plain(file):
        return _read(file)
    runs = [path] if path.parent.name == "runs" else run_folders(path)
    found = verification.of([history.of(run) for run in runs if run.is_dir()])
    if found is None:
        raise CannotCompare(f"{path}: no {verification.NAME} here, and no run that verified anything")
    return found


def _read(file: Path) -> Verification:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotCompare(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise CannotCompare(f"{file} is no {verification.NAME}: it is not JSON") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != verification.SCHEMA:
        raise CannotCompare(f"{file}: expected schema {verification.SCHEMA} of {verification.NAME}, found {schema}")
    found = decode(Verification, content)
    if found is None:
        raise CannotCompare(f"{file}: not as docs/verification.schema.json says")
    return found


def compared(a: Verification, b: Verification, say: Words) -> Comparison:
    """Compare two verifications. Raises CannotCompare if they are of different sites."""
    if a.site != b.site:
        raise CannotCompare(f"A is of site {a.site}, B of site {b.site}")
    return comparison.of(a, b, say)


def lines(result: Comparison, say: Words) -> Iterator[str]:
    """Yield the comparison as lines for a terminal."""
    yield from heads(result, say)
    for group in result.groups:
        yield say("compare.heading", heading=say(f"compare.group.{group.name}"), number=len(group.rows))
        yield from (f"  {_line(row, say)}" for row in group.rows)
    yield total(result, say)


def heads(result: Comparison, say: Words) -> list[str]:
    """Return one line about each of the two verifications."""
    return [
        say(
            "compare.head",
            name=name,
            site=one.site,
            run=one.run,
            when=moment(one.when),
            outcome=say(f"compare.outcome.{one.outcome.value}"),
        )
        for name, one in (("A", result.a), ("B", result.b))
    ]


def total(result: Comparison, say: Words) -> str:
    """Return the last line: the amount compared, and if anything differs."""
    key = "compare.differs" if result.groups else "compare.same"
    certificates, trusts = len(result.b.certificates), len(result.b.edges)
    number = sum(len(group.rows) for group in result.groups)
    return say(key, number=number, certificates=certificates, trusts=trusts)


def _line(row: Row, say: Words) -> str:
    key = "compare.changed" if row.before and row.after else "compare.one"
    return say(key, what=row.what, before=row.before, after=row.after, only=row.before or row.after)


def page(result: Comparison, say: Words) -> bytes:
    """Return the comparison as a self-contained HTML page. Raises ValueError."""
    title = say("compare.title", site=result.b.site)
    told = {"heads": heads(result, say), "total": total(result, say)}
    return pages.render("comparison.html", say, title=title, groups=result.groups, **told)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reports.compare", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("a", type=Path, metavar="A", help="a folder of evidence or its verification.json")
    parser.add_argument("b", type=Path, metavar="B", help="the one to compare with it")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page too")
    parser.add_argument("--language", choices=languages(), default=ENGLISH, help="of what is told (en)")
    options = parser.parse_args(arguments)
    say, output = words(options.language), words_for_output(options.language)
    try:
        a, b = load(whole(options.a)), load(whole(options.b))
        result = compared(a, b, output)
        if options.html:
            write_whole(options.html, page(compared(a, b, say), say))
    except (CannotCompare, NoEvidence, OSError, ValueError) as error:
        complain(f"Not compared: {error}")
        return 2
    print_lines([*not_shown(say.language, output), *lines(result, output)])
    return 1 if result.groups else 0


if __name__ == "__main__":
    sys.exit(main())
