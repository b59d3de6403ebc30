"""The traces of a change on hosts: its folders, locks and notes, and the differences of the stores from before."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fixtures.evidence import CommandRecord, ListingRecord, When
from reports.journal.chains import Entry, text
from reports.journal.history import History
from reports.journal.parts import Part
from reports.record.stores import At, Stand, Stores

_ENDS_A_PATH = re.compile(r'["<>|]')
_OWN = re.compile(r"\\runbook-(?:%RUNBOOK_CHANGE%|(?:tidied|restart)-[^\\]+)")
_LOCK = re.compile(r"\\runbook-lock")
_GONE = re.compile(r"@(?:rmdir /s /q|del /f /q) \"([^\"]+)\"")
_TAKEN, _REMOVED = "locked", "rmdir"  # printed when a lock was taken; part of the command that releases one
_BROUGHT = re.compile(r"cmplatform (?:upload|delete) .*|set cert .*")
Listings = dict[tuple[str, str], dict[When, ListingRecord]]  # of a live store, by host and path


@dataclass
class Left:
    """The folders, locks and entries that are on one host now and were not before the change."""

    host: str
    paths: dict[str, None] = field(default_factory=dict)
    locks: dict[str, None] = field(default_factory=dict)
    stores: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)  # entries added, and removed
    brought: dict[str, None] = field(default_factory=dict)  # purposes of the commands that changed a VVB's trust list

    @property
    def anything(self) -> bool:
        """True if there is anything to report."""
        return bool(self.paths or self.locks or self.brought or any(map(any, self.stores.values())))


def left(parts: Iterable[Part], runs: Iterable[History]) -> list[Left]:
    """Return all hosts on which the change left something; `parts`: in the order of time."""
    hosts: dict[str, Left] = {}
    listings: Listings = {}
    stores = Stores()
    for part in parts:
        for record in part.records:
            if isinstance(record, CommandRecord):
                _moved(stores.see(record, part), hosts, listings)
                if record.changes and record.worked:
                    _command(record, hosts.setdefault(record.host, Left(record.host)))
            elif isinstance(record, ListingRecord):
                known = listings.setdefault((record.host, record.store), {})
                if record.when is When.AFTER or When.BEFORE not in known:
                    known[record.when] = record
        _moved(stores.ended(part), hosts, listings)
    live = {(stand.host, stand.store) for stand in stores.every if stand.at is not None}
    for (host, store), known in listings.items():
        if len(known) == len(When) and (host, store) in live:
            before, after = set(known[When.BEFORE].lines), set(known[When.AFTER].lines)
            hosts.setdefault(host, Left(host)).stores[store] = sorted(after - before), sorted(before - after)
    for run in runs:
        _locks(run, hosts)
    return [one for _, one in sorted(hosts.items()) if one.anything]


def _moved(stands: Iterable[Stand], hosts: dict[str, Left], listings: Listings) -> None:
    """Note the content of stores now live (their staged copies) or rolled back, as no later step may list them."""
    for stand in stands:
        known = listings.setdefault((stand.host, stand.store), {})
        source = (
            listings.get((stand.host, stand.staged), {}).get(When.AFTER)
            if stand.at is At.LIVE and not stand.pending
            else None
        )
        source = known.get(When.BEFORE) if stand.at is At.BACK else source
        if source is not None:
            known[When.AFTER] = source
        if stand.at is At.BACK and stand.host in hosts:
            hosts[stand.host].brought.clear()


def _command(record: CommandRecord, host: Left) -> None:
    if gone := _GONE.match(record.text):
        host.paths.pop(gone[1], None)
    else:
        host.paths |= dict.fromkeys(_paths(_OWN, record.text))
    if _BROUGHT.match(record.text):
        host.brought[record.purpose] = None


def _locks(run: History, hosts: dict[str, Left]) -> None:
    """Read locks from the journals: they are taken and released between the steps, so no step records them."""
    for entry in (entry for chain in run.chains for entry in chain.entries if entry["event"] == "command"):
        record = entry.get("record")
        if isinstance(record, dict) and record.get("worked") is True and record.get("changes") is True:
            _lock(record, hosts)


def _lock(record: Entry, hosts: dict[str, Left]) -> None:
    sent, host = text(record, "text"), text(record, "host")
    path = next(_paths(_LOCK, sent), "")
    if not path or not host:
        return
    known = hosts.setdefault(host, Left(host))
    if _TAKEN in sent and _TAKEN in text(record, "stdout"):
        known.locks[path] = None
    elif _REMOVED in sent and record.get("exit_code") == 0:
        known.locks.pop(path, None)


def _paths(end: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the paths in a command that end with this pattern."""
    for piece in _ENDS_A_PATH.split(text):
        found = deque(end.finditer(piece), maxlen=1)
        if found:
            yield piece[: found[0].end()]
