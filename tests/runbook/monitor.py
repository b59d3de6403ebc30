"""The invariant of a run, watched: a trust that works goes on working, but for the restarts themselves.

The one exception: a VVB's list cannot hold a CVP server's old and new certificate at once, so a VVB that is not
restarting itself must work with the CVP servers of at least one side.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.runbook.probes import Trust, anchors_in_use, leaf, section_1
from tests.runbook.site_lab import SiteLab

_ASK_AGAIN = 1.0  # seconds after which a port is asked again, although no service of its host has started since


@dataclass
class Monitor:
    """Looks at every edge again and again while something else goes on: what is loaded against what is presented.

    An edge counts as broken when it was seen to work and does not, although both ends run. `alone` counts the moments
    at which a VVB that ran worked with no side, of those with which it had been seen to work.
    """

    lab: SiteLab
    edges: Sequence[Trust] = ()  # those of section 1 unless told
    tries: Counter[Trust] = field(default_factory=Counter)
    broken: Counter[Trust] = field(default_factory=Counter)
    restarting: Counter[Trust] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    worked: set[Trust] = field(default_factory=set)
    presented: dict[str, set[str]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _anchors: dict[Hashable, tuple[Hashable, frozenset[str] | None]] = field(default_factory=dict)
    _leaves: dict[tuple[str, str], tuple[Hashable, float, str | None]] = field(default_factory=dict)
    _error: Exception | None = None

    def __enter__(self) -> Self:
        self.edges = self.edges or section_1(self.lab)
        self._sweep()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        if self._error:
            raise self._error

    def _watch(self) -> None:
        try:
            while not self._stop.wait(0.05):
                self._sweep()
        except Exception as error:  # noqa: BLE001 - told by __exit__
            self._error = error

    def _sweep(self) -> None:
        """Look at everything once."""
        vvbs = self.lab.of_role("vvb")
        for edge in self.edges:
            # Of a Java store: an exporter that restarts is none that fails.
            if edge.importer not in vvbs and self._fails([[edge]], works=(True, None)):
                self.broken[edge] += 1
        for vvb in vvbs:
            own = [edge for edge in self.edges if edge.importer == vvb]
            sides = [[edge for edge in own if self.lab.hosts[edge.exporter]["side"] == side] for side in "AB"]
            if self._fails(sides, works=(True,)):
                self.alone[vvb] += 1

    def _fails(self, groups: Sequence[Sequence[Trust]], works: Sequence[bool | None]) -> bool:
        """Whether an importer that ran through the whole look worked with no group of those it had worked with."""
        edges = [edge for group in groups for edge in group]
        begun = [self._state(edge) for edge in edges]
        verdicts = {edge: self._look(edge) for edge in edges}
        worked = [known for group in groups if (known := [edge for edge in group if edge in self.worked])]
        fails = worked and not any(all(verdicts[edge] in works for edge in known) for known in worked)
        runs = all(self._loaded(edge) is not None for edge in edges)
        return bool(fails) and runs and begun == [self._state(edge) for edge in edges]

    def _look(self, edge: Trust) -> bool | None:
        """Whether an edge works now; None while one of its ends restarts."""
        anchors, presented = self._loaded(edge), self._presented(edge.exporter, edge.port)
        if anchors is None or presented is None:
            self.restarting[edge] += 1
            return None
        self.tries[edge] += 1
        self.presented.setdefault(edge.exporter, set()).add(presented)
        trusted = presented in anchors or bool(self.lab.authorities(edge.exporter) & anchors)
        if trusted:
            self.worked.add(edge)
        return trusted

    def _loaded(self, edge: Trust) -> frozenset[str] | None:
        key, now = (edge.importer, edge.service, edge.store), self._notes_of_importer(edge)
        if key not in self._anchors or self._anchors[key][0] != now:
            self._anchors[key] = (now, anchors_in_use(self.lab, edge))
        return self._anchors[key][1]

    def _presented(self, fqdn: str, port: str) -> str | None:
        """The fingerprint on a port: from a handshake that is repeated when a service there has started since."""
        key, notes = (fqdn, port), self._notes_of_exporter(fqdn)
        if key not in self._leaves or self._leaves[key][0] != notes or time.monotonic() > self._leaves[key][1]:
            try:
                found = hashlib.sha256(leaf(*self.lab.endpoint(fqdn, port))).hexdigest()
            except OSError:
                found = None
            self._leaves[key] = (notes, time.monotonic() + _ASK_AGAIN, found)
        return self._leaves[key][2]

    def _state(self, edge: Trust) -> Hashable:
        return self._notes_of_importer(edge), self._notes_of_exporter(edge.exporter)

    def _notes_of_importer(self, edge: Trust) -> Hashable:
        if not edge.service:
            return _written(self.lab.store_file(edge.importer, edge.store))
        return _written(self.lab.folder(edge.importer) / "running" / edge.service / "presented.json")

    def _notes_of_exporter(self, fqdn: str) -> Hashable:
        return tuple(map(_written, sorted((self.lab.folder(fqdn) / "running").glob("*/presented.json"))))


def _written(path: Path) -> Hashable:
    """Changes whenever a file is written anew; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return path.name, path.parent.name, status.st_mtime_ns, status.st_ino
