"""docs/coverage.yaml as data: every item of both source documents and the steps that perform it."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

import runbook
from fixtures.tables.roles import Role
from fixtures.tables.steps import Step

DOCS = Path(__file__).parents[2] / "docs"
Edition = Literal["zh", "ja"]
EDITIONS: tuple[Edition, ...] = ("zh", "ja")


def _numbers(text: object) -> object:
    """Line numbers from `42, 46-48`."""
    found: list[int] = []
    for part in str(text).split(","):
        first, _, last = part.strip().partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


Lines = Annotated[tuple[int, ...], BeforeValidator(_numbers)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Status(StrEnum):
    """What became of an item."""

    AS_WRITTEN = "as written"
    DIFFERENTLY = "differently"
    NOT_PERFORMED = "not performed"
    NOTHING_TO_DO = "nothing to do"


class Difference(_Data):
    """A difference that recurs: our values of the options that differ, what we do, why, the errors behind it."""

    options: Mapping[str, str | None]
    text: str
    why: str
    errors: tuple[int, ...] = ()


class Error(_Data):
    """What is wrong in the documents, and what is done here."""

    wrong: str
    here: str


class Item(_Data):
    """A numbered step, a demand, a note, a caution, an answer to a prompt, a command line or a statement."""

    at: str
    kind: Literal["demand", "step", "command", "answer", "note", "caution", "statement"]
    zh: Lines = ()
    ja: Lines = ()
    says: str = ""
    command: str | Mapping[Edition, str] = ""
    steps: tuple[str, ...] = ()
    why_not: str = ""
    but: str = ""
    differs: tuple[str, ...] = ()
    only: Mapping[Edition, tuple[str, ...]] = {}
    errors: tuple[int, ...] = ()
    role: Role | None = None
    ours: str = ""
    example_of: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        problems = {
            "stands in neither edition": not self.editions,
            "is a command without a text, or a text that is none": (self.kind == "command") != bool(self.command),
            "says nothing": not self.says and not self.command,
            "is a command of no role": bool(self.command) and self.role is None,
            "is performed and not performed": bool(self.steps) and bool(self.why_not),
            "has no step and no reason": not self.steps and not self.why_not and self.kind != "statement",
            "is a keytool line without a step": self.is_keytool and not self.steps,
            "is a command that is neither keytool's nor says what is ours": bool(
                self.command and self.steps and not self.is_keytool and not self.ours
            ),
        }
        for problem, found in problems.items():
            if found:
                raise ValueError(f"{self.at} (zh {self.zh}, ja {self.ja}) {problem}")
        return self

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that have it."""
        return tuple(edition for edition in EDITIONS if self.lines(edition))

    def lines(self, edition: Edition) -> tuple[int, ...]:
        """Its line numbers in the text of an edition."""
        return self.zh if edition == "zh" else self.ja

    def line(self, edition: Edition) -> str:
        """The command as that edition has it."""
        return self.command if isinstance(self.command, str) else self.command[edition]

    @property
    def is_keytool(self) -> bool:
        """Whether its command is keytool's, in any edition."""
        return bool(self.command) and any("keytool" in self.line(edition) for edition in self.editions)

    def differences(self, edition: Edition) -> tuple[str, ...]:
        """The names of its differences in an edition."""
        return (*self.differs, *self.only.get(edition, ()))

    @property
    def status(self) -> Status:
        """How it is performed."""
        if not self.steps:
            return Status.NOT_PERFORMED if self.why_not else Status.NOTHING_TO_DO
        different = self.but or self.differs or self.only or self.errors or self.ours not in ("", self.command)
        return Status.DIFFERENTLY if different else Status.AS_WRITTEN


class Section(_Data):
    """A section of the documents."""

    title: str
    items: tuple[Item, ...]


class Coverage(_Data):
    """The whole of docs/coverage.yaml."""

    editions: Mapping[Edition, str]
    differences: Mapping[str, Difference]
    errors: Mapping[int, Error]
    own_steps: Mapping[str, str]
    beside: Mapping[Edition, Mapping[str | int, str]]
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the documents' order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def steps(self) -> frozenset[str]:
        """The steps of ours that an item names."""
        return frozenset(step for item in self.items for step in item.steps)

    def errors_of(self, item: Item) -> tuple[int, ...]:
        """The numbers of the errors that concern an item, those behind its differences included."""
        named = {name for edition in item.editions for name in item.differences(edition)}
        behind = {error for name in named for error in self.differences[name].errors}
        return tuple(sorted({*item.errors, *behind}))

    def lines_beside(self, edition: Edition) -> frozenset[int]:
        """The lines of an edition that ask for nothing."""
        return frozenset(line for lines in self.beside[edition] for line in _as_lines(lines))


def _as_lines(lines: str | int) -> tuple[int, ...]:
    numbers = _numbers(lines)
    assert isinstance(numbers, tuple)
    return numbers


def load(text: str | None = None) -> Coverage:
    """docs/coverage.yaml (or `text`). Raises pydantic.ValidationError for an item that is not whole."""
    data: Any = yaml.safe_load(text or (DOCS / "coverage.yaml").read_text(encoding="utf-8"))
    return Coverage.model_validate(data)


def titles() -> dict[str, str]:
    """The titles of the runbook's own steps, by id."""
    return {step.stage.step: step.title for step in _steps()}


def _steps() -> Iterator[Step]:
    for module in pkgutil.walk_packages(runbook.__path__, "runbook."):
        for value in vars(import_module(module.name)).values():
            if isinstance(step := getattr(value, "step", None), Step):
                yield step
