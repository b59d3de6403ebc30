"""The state of each store of each host (staged, live, rolled back), derived from the commands that were sent.

The phase of a step does not show it: staged content may have been activated since, and an activation may have failed
before it moved anything. The commands are recognized by their texts, as `fixtures.stores.store` and `vvb` write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fixtures.evidence import CommandRecord
from reports.journal.collected import Outcome
from reports.journal.parts import Part
from reports.rollbacks import RETURNS, VVB_RETURNS

TRUST_LIST = "tomcat-trust"
_WELL = (Outcome.DONE, Outcome.NOTHING)
_ACTIVATE = ("activate", "tidy")  # the phases of steps that make something live
_COPIED = re.compile(r'\A(?>.*?\bxcopy )[^"]*"(?P<live>[^"]+)" "(?P<folder>[^"]+)\\base\\?"')
_EDITED = re.compile(r'(?:-keystore|-destkeystore|move /y "[^"]+") "(?P<staged>(?P<folder>[^"]+)\\staged\\[^"\\]+)"')
_MOVED = r'\A(?>.*?cd /d "(?P<folder>[^"]+)\\%s" )(?>.*move /y \S+ "(?P<live>[^"]+)").* && echo %s'
# Step x1.5.activate moves a copy of its own, named `first`, and leaves the staged one for step 1.4.iii.
_ACTIVATED = re.compile(_MOVED % ("(?P<copy>staged|first)", "activated"))
_RETURNED = re.compile(_MOVED % ("part", "returned"))
_DISCARDED = re.compile(r'@del /f /q "(?P<folder>[^"]+)\\staged\\[^"\\]+"')
_BROUGHT = re.compile(r"cmplatform (?:upload|delete) |set cert (?:import|delete) ")
_MAY_HAVE_WORKED = (None, 0)  # exit codes (None: no answer) of commands that did not work but may have had their effect


class At(StrEnum):
    """The progress of a store, from the first activation on."""

    LIVE = "live"  # its staged copy was moved over it
    UNSURE = "unsure"  # its activation was sent; it is not known whether it had its effect
    HALF = "half"  # its rollback was begun and did not end well
    BACK = "back"  # rolled back: it is as it was before the change


@dataclass
class Stand:
    """The state of one store (or trust list) of one host. `at` is None if nothing was ever activated."""

    host: str
    store: str  # the path of the live store
    staged: str = ""  # the path of its staged copy, if one was made
    at: At | None = None
    since: datetime | None = None  # when it became live
    settled: bool = False  # the step that made it live has ended well: its services run with it
    pending: bool = False  # it has a staged copy that has not been activated
    discarded: bool = False  # a staged copy was removed, and none was ever live

    @property
    def in_use(self) -> bool:
        """True if the store in use may differ from the one before the change."""
        return self.at in (At.LIVE, At.UNSURE, At.HALF)


class Stores:
    """The states of all stores, derived from the commands of a change in the order in which they were sent."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Stand] = {}  # by host, and this change's folder there
        self._unsure: list[Stand] = []  # in the current part: those whose activation was not answered

    @property
    def every(self) -> list[Stand]:
        """All stores, sorted by host."""
        return sorted(self._known.values(), key=lambda one: (one.host, one.store))

    def lives(self, host: str) -> bool:
        """True if the change has touched stores of a host, and none of them has a staged copy left to activate."""
        here = [stand for (name, _), stand in self._known.items() if name == host]
        return bool(here) and not any(stand.pending for stand in here)

    def see(self, record: CommandRecord, part: Part) -> list[Stand]:
        """Take in the next command of a part; return the stores that it made live or rolled back, or proves live."""
        if not record.changes:
            return []
        shown = self._shown(record)
        for stand in shown:
            self._live(stand, record)
        if moved := _ACTIVATED.search(record.text):
            return [*shown, *self._moved(record, moved, back=part.told.step in RETURNS)]
        if moved := _RETURNED.search(record.text):
            return [*shown, *self._moved(record, moved, back=True)]
        if _BROUGHT.match(record.text):
            return [*shown, *self._brought(record, part)]
        if record.worked:
            self._staged(record)
        return shown

    def ended(self, part: Part) -> list[Stand]:
        """Take in the end of a part; return the stores that it proves to be rolled back."""
        self._unsure = []
        step, well = part.told.step, part.told.outcome in _WELL
        here = [stand for (host, _), stand in self._known.items() if host == part.told.host]
        if well and step in (*RETURNS, VVB_RETURNS):
            back = [stand for stand in here if stand.at not in (None, At.BACK)]
            for stand in here:
                stand.at, stand.pending = At.BACK if stand.at else None, False
            return back
        if well and part.phase in _ACTIVATE:
            for stand in here:
                stand.settled = True
                stand.at = At.LIVE if stand.at is At.UNSURE and not stand.pending else stand.at
        return []

    def _shown(self, record: CommandRecord) -> list[Stand]:
        """Return the stores whose unanswered activation had its effect: else this command would not have been sent."""
        if record.exit_code is None:
            return []
        shown = [one for one in self._unsure if one.host == record.host and not _ACTIVATED.search(record.text)]
        self._unsure = [one for one in self._unsure if one not in shown]
        return shown

    @staticmethod
    def _live(stand: Stand, record: CommandRecord) -> None:
        stand.at, stand.since, stand.settled, stand.pending = At.LIVE, record.started, False, False

    def _moved(self, record: CommandRecord, moved: re.Match[str], *, back: bool) -> list[Stand]:
        """Take in the activation or rollback of a store; return the store if the command worked."""
        stand = self._stand(record.host, moved["folder"], moved["live"])
        pending = stand.pending and moved.groupdict().get("copy") == "first"
        if record.worked and not back:
            self._live(stand, record)
            stand.pending = pending
            return [stand]
        if record.worked:
            stand.at, stand.pending = At.BACK, False
            return [stand]
        if record.exit_code in _MAY_HAVE_WORKED:
            stand.at, stand.since = At.HALF if back else At.UNSURE, record.started
            stand.settled, stand.pending = False, pending
            self._unsure += [] if back else [stand]
        return []

    def _brought(self, record: CommandRecord, part: Part) -> list[Stand]:
        """Take in an upload to a VVB's trust list or a deletion from it: both take effect at once."""
        if not record.worked and record.exit_code not in _MAY_HAVE_WORKED:
            return []
        stand = self._stand(record.host, TRUST_LIST)
        if part.told.step == VVB_RETURNS:
            stand.at = At.HALF
        elif record.worked:
            self._live(stand, record)
            return [stand]
        elif stand.at is None:
            stand.at, stand.since = At.UNSURE, record.started
        return []

    def _staged(self, record: CommandRecord) -> None:
        if copied := _COPIED.search(record.text):
            self._stand(record.host, copied["folder"], copied["live"])
        elif gone := _DISCARDED.match(record.text):
            stand = self._stand(record.host, gone["folder"])
            stand.discarded, stand.pending = stand.pending and stand.at is None, False
        elif edited := _EDITED.search(record.text):
            stand = self._stand(record.host, edited["folder"])
            stand.staged, stand.pending = edited["staged"], True

    def _stand(self, host: str, folder: str, live: str = "") -> Stand:
        stand = self._known.setdefault((host, folder), Stand(host, live or folder))
        stand.store = live or stand.store
        return stand


def stores(every: Iterable[Part]) -> list[Stand]:
    """Return the states of all stores after these parts (in the order of time)."""
    found = Stores()
    for part in every:
        for record in part.records:
            if isinstance(record, CommandRecord):
                found.see(record, part)
        found.ended(part)
    return found.every
