"""docs/coverage.md: the source documents against the runbook. `python -m tests.documents.page > docs/coverage.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from fixtures.tables.steps import STAGES
from tests.documents.items import EDITIONS, Coverage, Item, Section, Status, load, titles

_HEAD = """# The documents, item by item

Made from [coverage.yaml](coverage.yaml) and the steps' own titles by `python -m tests.documents.page`; do not edit this
page.

The procedure comes from one Cisco TAC document, "Exchange self-signed certificates in a PCCE solution" (12.5(1)), in
its Chinese (zh) and Japanese (ja) editions. Every numbered step, demand, note, caution, answer to a prompt and command
line of both stands below with the step of this runbook that performs it. CI fails when a keytool line has no step, or
when the differences named here are not exactly those between the line and what a plan has in its place. The documents
are not part of this project; who has their text compares it with `python -m tests.documents.seeds FOLDER`.
"""
_COLUMNS = ("At", "zh", "ja", "What", "The documents", "Our step", "Difference and why")


def page(coverage: Coverage) -> str:
    """The page as Markdown."""
    parts = [_HEAD, *_counts(coverage), *_not_performed(coverage)]
    named = titles()
    for section in coverage.sections:
        parts += _section(coverage, section, named)
    parts += [*_differences(coverage), *_errors(coverage), *_own_steps(coverage, named)]
    return "\n".join(parts)


def _counts(coverage: Coverage) -> Iterator[str]:
    yield "## How many\n"
    yield from _table_head("", *coverage.editions.values(), "in either")
    per_edition = {edition: [item for item in coverage.items if item.lines(edition)] for edition in EDITIONS}
    columns = [*(per_edition[edition] for edition in coverage.editions), coverage.items]
    yield _row("items", *(str(len(items)) for items in columns))
    yield _row("of these keytool lines", *(str(sum(item.is_keytool for item in items)) for items in columns))
    counts = [Counter(item.status for item in items) for items in columns]
    for status, words in _STATUS_WORDS.items():
        yield _row(words, *(str(count[status]) for count in counts))
    yield ""
    demanded = [step.step for step in STAGES if step.step.startswith("x") and step.step in coverage.steps]
    yield f"Demanded by the documents without instructions, so that their ids have an x: {', '.join(demanded)}."
    yield ""


_STATUS_WORDS = {
    Status.AS_WRITTEN: "performed as written",
    Status.DIFFERENTLY: "performed differently, or with an error of the documents put right",
    Status.NOT_PERFORMED: "not performed",
    Status.NOTHING_TO_DO: "statements that ask for nothing",
}


def _not_performed(coverage: Coverage) -> Iterator[str]:
    yield "Not performed:\n"
    for section in coverage.sections:
        for item in section.items:
            if item.status is Status.NOT_PERFORMED:
                yield f"- {section.title.partition(':')[0]}, {item.at}: {item.says} {item.why_not}"
    yield ""
    yield (
        "The line numbers are those of the documents' text as we have it, for comparing the editions; "
        "names in *italics* are explained under [differences that recur](#differences-that-recur), "
        "errors under [errors in the documents](#errors-in-the-documents).\n"
    )


def _section(coverage: Coverage, section: Section, named: dict[str, str]) -> Iterator[str]:
    yield f"## {section.title}\n"
    mentioned = {step for item in section.items for step in item.steps}
    steps = [stage.step for stage in STAGES if stage.step in mentioned]
    yield "Our steps here: " + "; ".join(f"{step} {named[step]}" for step in steps) + ".\n"
    yield from _table_head(*_COLUMNS)
    for item in section.items:
        yield _row(*_cells(coverage, item))
    yield ""


def _cells(coverage: Coverage, item: Item) -> Iterator[str]:
    yield item.at
    yield from (_lines(item.lines(edition)) for edition in EDITIONS)
    yield item.kind
    yield _text(item)
    yield ", ".join(item.steps) or ("none" if item.why_not else "")
    yield _why(coverage, item)


def _lines(numbers: Sequence[int]) -> str:
    """Line numbers as people write them: 42, 46-48."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _text(item: Item) -> str:
    if not item.command:
        return item.says
    lines = dict.fromkeys(item.line(edition) for edition in item.editions)
    if len(lines) == 1 or item.only:  # what the other edition has in its place is told as its own difference
        return f"`{next(iter(lines))}`"
    return "<br>".join(f"{edition}: `{item.line(edition)}`" for edition in item.editions)


def _why(coverage: Coverage, item: Item) -> str:
    parts = [item.but, item.why_not]
    if item.ours:
        parts.append(f"Ours: `{item.ours}`.")
    if item.differs:
        parts.append(f"*{', '.join(item.differs)}*.")
    parts += [f"{edition} alone: *{', '.join(names)}*." for edition, names in item.only.items()]
    if errors := coverage.errors_of(item):
        parts.append(f"Error{'s' * (len(errors) > 1)} {', '.join(map(str, errors))}.")
    return " ".join(filter(None, parts))


def _differences(coverage: Coverage) -> Iterator[str]:
    yield "## Differences that recur\n"
    yield from _table_head("Name", "What is done here", "Why", "Error")
    for name, difference in coverage.differences.items():
        yield _row(f"*{name}*", difference.text, difference.why, ", ".join(map(str, difference.errors)))
    yield ""


def _errors(coverage: Coverage) -> Iterator[str]:
    yield "## Errors in the documents\n"
    yield from _table_head("", "The documents", "This project", "At")
    for number, error in coverage.errors.items():
        places = dict.fromkeys(
            f"{_short(section)} {item.at}"
            for section in coverage.sections
            for item in section.items
            if number in coverage.errors_of(item)
        )
        yield _row(str(number), error.wrong, error.here, "; ".join(places))
    yield ""


def _short(section: Section) -> str:
    """The section's number, or its first word."""
    return section.title.partition(":")[0].removeprefix("Section ").partition(" ")[0] + ":"


def _own_steps(coverage: Coverage, named: dict[str, str]) -> Iterator[str]:
    yield "## Steps of ours that no line of the documents has\n"
    yield from _table_head("Step", "", "Why it exists")
    for stage in STAGES:
        if stage.step in coverage.own_steps:
            yield _row(stage.step, named[stage.step], coverage.own_steps[stage.step])
    yield ""


def _table_head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield "|" + "---|" * len(names)


def _row(*cells: str) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"


if __name__ == "__main__":
    print(page(load()), end="")
