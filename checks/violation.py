"""The form of a judgement: a wrong state as data, and "could not find out" as an error of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One property of one subject on one host that is not as it should be, and what to do about it."""

    host: str
    subject: str
    property: str
    expected: str
    found: str
    remedy: str

    def __str__(self) -> str:
        """One line, the form in which all violations are printed."""
        return (
            f"{self.host} {self.subject}: {self.property}: expected {self.expected}, found {self.found}. {self.remedy}"
        )


class WrongState(AssertionError):
    """The state of a host is wrong: pytest's "failed"."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join(str(violation) for violation in self.violations))


class CouldNotFindOut(Exception):
    """The state of a host could not be read: an error, never a failure. Names host, what was found, and the remedy."""

    def __init__(self, host: str, what: str, remedy: str) -> None:
        self.host = host
        self.what = what
        self.remedy = remedy
        super().__init__(f"{host}: {what}. {remedy}")


def judge(violations: Iterable[Violation]) -> None:
    """Raise WrongState when there is any violation, naming all of them."""
    found = tuple(violations)
    if found:
        raise WrongState(found)
