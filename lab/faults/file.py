"""The file `faults.json`, read again whenever it has changed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab.faults.kinds import Fault, HostFault
from lab.faults.vos import VosFault

FILE = "faults.json"
ALL_HOSTS = "*"
Kind = TypeVar("Kind", bound=Fault)
Signature = tuple[int, int, int] | None
AnyFault = Annotated[HostFault | VosFault, Field(discriminator="kind")]


class Faults(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    faults: list[AnyFault]


class FaultFile:
    """The current content of `faults.json`. Thread-safe; each call costs one `stat` of the file."""

    def __init__(self, file: Path, hosts: Collection[str]) -> None:
        self._file = file
        self._hosts = {ALL_HOSTS, *map(str.lower, hosts)}
        self._holds = False
        self._signature: Signature = None
        self._faults: Sequence[Fault] = ()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Let the file take effect from now on; called when the lab is ready."""
        self._holds = True

    def current(self) -> Sequence[Fault]:
        """Return the entries; the same object as long as the file does not change."""
        if not self._holds:
            return ()
        signature = _signature(self._file)
        with self._lock:
            if signature != self._signature:
                self._signature = signature
                self._read()
            return self._faults

    def first(self, kind: type[Kind], concerns: Callable[[Kind], bool], *, counts: bool) -> Kind | None:
        """Return the first entry of a kind that is not used up and for which `concerns` is true; None if there is none.

        With `counts`, count it as happening once.
        """
        faults = self.current()
        with self._lock:
            for fault in faults:
                if isinstance(fault, kind) and not fault.spent and concerns(fault):
                    if counts:
                        fault.count()
                    return fault
        return None

    def _read(self) -> None:
        try:
            text = self._file.read_bytes()
        except FileNotFoundError:
            self._faults = ()
            return
        except OSError as error:
            self._ignore(str(error.strerror))
            return
        try:
            faults = Faults.model_validate_json(text).faults
        except ValidationError as error:
            self._ignore(_in_words(error))
            return
        unknown = next((fault.host for fault in faults if fault.host.lower() not in self._hosts), None)
        if unknown is not None:
            self._ignore(f"no such host: {unknown}")
            return
        self._faults = tuple(faults)

    def _ignore(self, reason: str) -> None:
        print(f"lab: {self._file}: ignored: {reason}", file=sys.stderr, flush=True)


class HostFaults:
    """The faults of one host."""

    def __init__(self, file: FaultFile, fqdn: str) -> None:
        self._file = file
        self._names = (ALL_HOSTS, fqdn.lower())

    def find(self, kind: type[Kind], concerns: Callable[[Kind], bool] = lambda _: True) -> Kind | None:
        """Return the fault of this kind that is in effect now; None if there is none."""
        return self._file.first(kind, self._here(concerns), counts=False)

    def take(self, kind: type[Kind], concerns: Callable[[Kind], bool] = lambda _: True) -> Kind | None:
        """Return the fault of this kind that is in effect now, counted as happening once; None if there is none."""
        return self._file.first(kind, self._here(concerns), counts=True)

    def holds(self, fault: Fault) -> bool:
        """True if the fault, used up or not, is an entry of the file as it is now."""
        return any(one is fault for one in self._file.current())

    def _here(self, concerns: Callable[[Kind], bool]) -> Callable[[Kind], bool]:
        return lambda fault: fault.host.lower() in self._names and concerns(fault)


def _signature(file: Path) -> Signature:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
