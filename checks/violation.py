"""Violations as data: what is wrong with a host, of which kind; and "could not find out" as an error of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from string import Formatter

_HOST = "host"  # every text of a kind may contain {host}


@dataclass(frozen=True)
class Kind:
    """A kind of violation: the texts of its sentence, with {names} for the values of each violation.

    All kinds are in `checks/kinds/`, so that each sentence is written once.

    >>> STILL_STAGED = Kind("store.still-staged", "{store}", "staged copy", "moved", "still there", "Run step {step}.")
    >>> str(STILL_STAGED.at("cvp1a", store="keystore", step="1.4.iii"))
    'cvp1a keystore: staged copy: expected moved, found still there. Run step 1.4.iii.'
    """

    id: str
    subject: str
    property: str
    expected: str
    found: str
    remedy: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the values that a violation of this kind has, besides its host."""
        texts = (self.subject, self.property, self.expected, self.found, self.remedy)
        found = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        return frozenset(found - {_HOST})

    def at(self, host: str, /, **values: object) -> Violation:
        """A violation of this kind on a host. Raises TypeError for a missing value, or for one that no text uses."""
        if values.keys() != self.names:
            raise TypeError(f"{self.id}: values for {sorted(values)}, its texts name {sorted(self.names)}")
        return Violation(self, host, tuple((name, str(values[name])) for name in sorted(values)))


@dataclass(frozen=True)
class Violation:
    """One property of one subject on one host that is not as it should be, and what to do about it."""

    kind: Kind
    host: str
    values: tuple[tuple[str, str], ...] = ()
    other_remedy: str = ""  # in place of the kind's

    @property
    def subject(self) -> str:
        """The thing that is judged: a store, a service, a certificate."""
        return self._filled(self.kind.subject)

    @property
    def expected(self) -> str:
        """The value that the property should have."""
        return self._filled(self.kind.expected)

    @property
    def found(self) -> str:
        """The value that it has."""
        return self._filled(self.kind.found)

    @property
    def remedy(self) -> str:
        """The next thing to do about it."""
        return self.other_remedy or self._filled(self.kind.remedy)

    @property  # the last one, because its name hides the decorator
    def property(self) -> str:
        """The property of the subject that is wrong; also the name of the rule for an `accept:` of the inventory."""
        return self._filled(self.kind.property)

    def remedied(self, remedy: str) -> Violation:
        """This violation with another remedy, for a judgement that knows more."""
        return replace(self, other_remedy=remedy)

    def _filled(self, text: str) -> str:
        return text.format(host=self.host, **dict(self.values))

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
