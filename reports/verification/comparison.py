"""The differences between two verifications of a site: certificates, trusts, findings, in words of the catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from reports.journal.collected import Outcome
from reports.pages.moments import day
from reports.pages.wording import Words
from reports.verification.verification import Edge, Finding, Verification

THRESHOLDS = (60, 30, 0)  # days left: a certificate that crosses one of these (0: it expires) is shown
_ALL_RIGHT = ("HOLDS", "NOT_IN_USE")

_names = {outcome.value: outcome.name.lower() for outcome in Outcome}

_Presented = dict[tuple[str, int, str], "Leaf"]  # by host, port (0: none of its ports was asked), kind


@dataclass(frozen=True)
class Leaf:
    """The leaf that a server presents."""

    fingerprint: str
    not_after: datetime
    days_left: int


@dataclass(frozen=True)
class Row:
    """One difference: its subject, and its text before and after; empty on the side where it does not exist."""

    what: str
    before: str = ""
    after: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Group:
    """Differences of one kind; `name` is its key in the catalogue."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparison:
    """Two verifications, the earlier (or first) and the other, and their differences."""

    a: Verification
    b: Verification
    groups: tuple[Group, ...]


def of(a: Verification, b: Verification, say: Words) -> Comparison:
    """Compare two verifications of one site."""
    leaves = _Leaves(_presented(a, b), _presented(b, a), say)
    trusts = _Trusts(a.edges, b.edges, say)
    found: dict[str, Callable[[], Iterator[Row]]] = {
        "run": lambda: _runs(a, b, say),
        "verdict": trusts.judged,
        "finding_new": lambda: _findings(b, a, say, bad=True),
        "finding_gone": lambda: _findings(a, b, say, bad=False),
        "renewed": leaves.renewed,
        "days_left": leaves.run_down,
        "certificate_new": leaves.new,
        "certificate_gone": leaves.gone,
        "moved": trusts.moved,
        "trust_new": trusts.new,
        "trust_gone": trusts.gone,
    }
    groups = (Group(name, tuple(rows())) for name, rows in found.items())
    return Comparison(a, b, tuple(group for group in groups if group.rows))


def _runs(a: Verification, b: Verification, say: Words) -> Iterator[Row]:
    if a.outcome != b.outcome:
        before, after = (say(f"compare.outcome.{one.outcome.value}") for one in (a, b))
        yield Row(say("compare.what.outcome"), before, after, bad=b.outcome.value != "ALL_RIGHT")
    if a.release != b.release:
        yield Row(say("compare.what.release"), a.release, b.release)


def _findings(there: Verification, elsewhere: Verification, say: Words, *, bad: bool) -> Iterator[Row]:
    """Yield the findings of one verification that the other does not have, line by line."""
    known = _told(elsewhere)
    for key, line in _told(there).items():
        if key not in known:
            one = key[0]
            what = say("compare.what.finding", step=one.step, title=say.title(one.step, one.title), host=one.host)
            outcome = say.or_else(f"outcome.{_names.get(one.outcome, '')}", one.outcome)
            said = f"{outcome}{say('mark.colon')}{line}"
            yield Row(what, "" if bad else said, said if bad else "", bad)


def _told(verification: Verification) -> dict[tuple[Finding, str], str]:
    """Return each line of each finding by a key that ignores the number of days left, which changes every night."""
    return {
        (replace(one, message=""), re.sub(r"\d+", "", line) if "days left" in line else line): line
        for one in verification.findings
        for line in one.message.splitlines() or [""]
    }


def _presented(verification: Verification, other: Verification) -> _Presented:
    """Return the leaf that each port presents.

    For a server none of whose ports was asked, in either verification: its leaf as an edge of the trust table names it.
    """
    asked = {(one.host, one.kind) for one in (*verification.certificates, *other.certificates)}
    found = {
        (one.host, one.port, one.kind): Leaf(one.fingerprint, one.not_after, one.days_left)
        for one in verification.certificates
    }
    for edge in verification.edges:
        if (edge.exporter, edge.kind) not in asked and edge.fingerprint and edge.not_after:
            found[edge.exporter, 0, edge.kind] = Leaf(edge.fingerprint, edge.not_after, edge.days_left or 0)
    return found


class _Leaves:
    """The leaves that are presented in each of two verifications."""

    def __init__(self, before: _Presented, after: _Presented, say: Words) -> None:
        self._before = before
        self._after = after
        self._say = say

    def renewed(self) -> Iterator[Row]:
        """Yield the places that present another certificate than before."""
        for key in self._both():
            if self._before[key].fingerprint != self._after[key].fingerprint:
                after = self._after[key]
                yield Row(self._what(key), self._told(self._before[key]), self._told(after), after.days_left < 0)

    def run_down(self) -> Iterator[Row]:
        """Yield the unchanged certificates whose days left have crossed a threshold."""
        for key in self._both():
            before, after = self._before[key], self._after[key]
            crossed = _level(before.days_left) != _level(after.days_left)
            if crossed and before.fingerprint == after.fingerprint:
                was, now = (self._say("compare.days", days=one.days_left) for one in (before, after))
                yield Row(self._what(key), was, now, after.days_left < before.days_left)

    def new(self) -> Iterator[Row]:
        """Yield the certificates presented where none was before."""
        for key in sorted(self._after.keys() - self._before.keys()):
            yield Row(self._what(key), after=self._told(self._after[key]))

    def gone(self) -> Iterator[Row]:
        """Yield the certificates that are no longer presented."""
        for key in sorted(self._before.keys() - self._after.keys()):
            yield Row(self._what(key), before=self._told(self._before[key]))

    def _both(self) -> list[tuple[str, int, str]]:
        return sorted(self._before.keys() & self._after.keys())

    def _what(self, key: tuple[str, int, str]) -> str:
        host, port, kind = key
        return self._say("compare.what.port" if port else "compare.what.host", host=host, port=port, kind=kind)

    def _told(self, leaf: Leaf) -> str:
        return self._say("compare.leaf", day=day(leaf.not_after), days=leaf.days_left, fingerprint=leaf.fingerprint)


def _level(days_left: int) -> int:
    return sum(days_left < threshold for threshold in THRESHOLDS)


class _Trusts:
    """The edges of the trust table in both verifications, in pairs."""

    def __init__(self, before: Iterable[Edge], after: Iterable[Edge], say: Words) -> None:
        self._say = say
        self._colon = say("mark.colon")
        self._pairs = [*_paired(before, after)]

    def judged(self) -> Iterator[Row]:
        """Yield the trusts whose verdict has changed."""
        for before, after in self._pairs:
            if before and after and before.verdict != after.verdict:
                bad = after.verdict not in _ALL_RIGHT
                yield Row(self._what(after), self._verdict(before), self._verdict(after), bad)

    def moved(self) -> Iterator[Row]:
        """Yield the trusts that now rest on another alias."""
        for before, after in self._pairs:
            if before and after and before.alias != after.alias:
                yield Row(self._what(after), before.alias, after.alias)

    def new(self) -> Iterator[Row]:
        """Yield the trusts that were not checked before."""
        for before, after in self._pairs:
            if after and not before:
                bad = after.verdict not in _ALL_RIGHT
                yield Row(self._what(after), after=f"{after.alias}{self._colon}{self._verdict(after)}", bad=bad)

    def gone(self) -> Iterator[Row]:
        """Yield the trusts that are no longer checked."""
        for before, after in self._pairs:
            if before and not after:
                yield Row(self._what(before), before=f"{before.alias}{self._colon}{self._verdict(before)}")

    def _what(self, edge: Edge) -> str:
        return self._say(
            "compare.what.trust", importer=edge.importer, exporter=edge.exporter, kind=edge.kind, store=edge.store
        )

    def _verdict(self, edge: Edge) -> str:
        known = self._say.or_else(f"verdict.{edge.verdict.lower()}", edge.verdict)
        return f"{known}{self._colon}{'; '.join(edge.messages)}" if edge.messages else known


def _paired(before: Iterable[Edge], after: Iterable[Edge]) -> Iterator[tuple[Edge | None, Edge | None]]:
    """Pair each trust with itself: by its alias, and those left over (of the same hosts, kind and store) by order."""
    every: dict[tuple[str, ...], tuple[dict[str, Edge], dict[str, Edge]]] = defaultdict(lambda: ({}, {}))
    for side, edges in enumerate((before, after)):
        for edge in edges:
            every[edge.importer, edge.exporter, edge.kind, edge.store][side][edge.alias] = edge
    for _, (old, new) in sorted(every.items()):
        same = old.keys() & new.keys()
        yield from ((old[alias], new[alias]) for alias in sorted(same))
        left = [[one[alias] for alias in sorted(one.keys() - same)] for one in (old, new)]
        yield from zip_longest(*left)
