"""Restarts, recognized by their commands: those of a plan, and those of a run with their outages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import isfinite

from fixtures.evidence import CommandRecord
from fixtures.run.restart_times import Measured, MeasuredRun, Restart
from reports.journal.history import History
from reports.journal.parts import Part, parts

_CHANGE = "change"
_ALREADY_STOPPED = 1062  # ERROR_SERVICE_NOT_ACTIVE

_STOP = re.compile(r'@sc stop "([^"]+)"')
_RUNS = re.compile(r'@sc query "([^"]+)"')  # sent until the service has stopped, and again until it has started
_START = re.compile(r'@sc start "([^"]+)"')
_NODE = re.compile(r"utils (system restart|vvb restart.*|service restart .+)")
_LOCK = "\\runbook-lock"
_NODE_RUNS = re.compile(r"utils service list")


def of_lock(text: str) -> bool:
    """True if a command is about the lock that keeps two runs apart, which is no part of the work itself."""
    return _LOCK in text


def restarted(texts: Iterable[str]) -> list[str]:
    """Return the services (or the whole appliance) that these commands restart, each once, in their order."""
    found = (match[1] for text in texts if (match := _STOP.fullmatch(text) or _NODE.fullmatch(text)))
    return list(dict.fromkeys(found))


class Outages:
    """The services that were stopped and run again, derived from the commands in the order in which they were sent."""

    def __init__(self) -> None:
        self.ended: list[Restart] = []
        self._open: dict[tuple[str, str], tuple[datetime, str]] = {}  # host, service -> time of the stop, step
        self._starting: set[tuple[str, str]] = set()

    def see(self, record: CommandRecord, step: str) -> None:
        """Take in the next command, with its answer."""
        if stop := _STOP.fullmatch(record.text) or _NODE.fullmatch(record.text):
            pair = record.host, stop[1]
            if record.exit_code != _ALREADY_STOPPED or pair not in self._open:  # else an earlier command had stopped it
                self._open[pair] = record.started, step
        elif start := _START.fullmatch(record.text):
            self._starting.add((record.host, start[1]))
        elif record.worked and (runs := _RUNS.fullmatch(record.text)):
            if (record.host, runs[1]) in self._starting:
                self._end(record, (record.host, runs[1]))
        elif record.worked and _NODE_RUNS.fullmatch(record.text):
            for pair in [pair for pair in self._open if pair[0] == record.host]:
                self._end(record, pair)

    def _end(self, record: CommandRecord, pair: tuple[str, str]) -> None:
        self._starting.discard(pair)
        if pair in self._open:
            stopped, step = self._open.pop(pair)
            lasted = (record.started - stopped).total_seconds() + record.seconds
            self.ended.append(Restart(*pair, stopped, max(0.0, lasted) if isfinite(lasted) else 0.0, step))

    @property
    def never_ended(self) -> Iterator[Restart]:
        """The services that were stopped and never seen to run again; their seconds are 0."""
        return (Restart(*pair, stopped, 0.0, step) for pair, (stopped, step) in self._open.items())


def outages(every: Iterable[Part]) -> Outages:
    """Return the restarts in these parts, which come in the order of time: a later run may complete one."""
    found = Outages()
    for part in every:
        for record in part.records:
            if isinstance(record, CommandRecord):
                found.see(record, part.told.step)
    return found


def measured(histories: Iterable[History]) -> Measured:
    """Return the durations of a change's runs and of each restart in them, for later plans and runs of the site."""
    runs = [run for run in histories if run.run.kind == _CHANGE and not run.running]
    return Measured(runs[-1].run.site if runs else "", tuple(filter(None, map(_measured, runs))))


def _measured(run: History) -> MeasuredRun | None:
    """Return the durations in a run that has restarted something; None for another run."""
    restarts = tuple(outages(parts([run])).ended)
    if not restarts or run.stopped is None:
        return None
    seconds = run.stopped / 1000 - run.run.started.timestamp()
    return MeasuredRun(run.folder.name, run.run.started, max(0.0, seconds), run.exit_code == 0, restarts)
