"""Impostors on every kind of certificate and every channel, and what must hold whatever they do."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

from tests.runbook.impostor import Impostor, baiting, relaying, standing, takes_ecdsa_alone
from tests.runbook.probes import leaf
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, JRE, SiteLab, site_lab
from tests.runbook.twins import MADE, Twin

ECE, UCM, VVB = "ece.duo.example", "ucm.duo.example", "vvba.duo.example"
TICKETS, CRM = "tickets.duo.example", "crm.duo.example"
SITE = (
    DUO.replace("username: administrator}}", "username: administrator}, vos: {username: admin}}")
    + f"  - {{fqdn: {ECE}, role: ece, side: A, managed: false}}\n"
    + f"  - {{fqdn: {UCM}, role: cucm, node: publisher, ecdsa_leaf: true}}\n"
    + f"  - {{fqdn: {VVB}, role: vvb, side: A, node: publisher, trusts: [http, sip]}}\n"
    + "web_services:\n"
    + f"  - {{fqdn: {CRM}, port: 443, signed_by: private_ca}}\n"
    + f"  - {{fqdn: {TICKETS}, port: 443, signed_by: self}}\n"
)


States = Mapping[str, Path]  # states of labs of this site: as installed, and after its first change


@dataclass(frozen=True)
class Kind:
    """A kind of certificate: where it is presented, and with what kind of key."""

    host: str
    port: str
    key: str = "RSA"


KINDS: Mapping[str, Kind] = {
    "IIS": Kind(ADS, "iis"),
    "DFP": Kind(ADS, "dfp"),
    "WSM": Kind(CVP, "wsm"),
    "VXML": Kind(CVP, "vxml"),
    "CallServer-SIP": Kind(CVP, "callserver_sip"),
    "CallServer-HTTPS": Kind(CVP, "callserver_https"),
    "tomcat": Kind(UCM, "tomcat"),
    "tomcat-ECDSA": Kind(UCM, "tomcat", "ECDSA"),
    "pages": Kind(VVB, "tomcat"),
    "ECE": Kind(ECE, "iis"),
    "web-service-pinned": Kind(TICKETS, ""),
    "web-service-of-a-CA": Kind(CRM, ""),
}
# How an impostor goes about it: what he presents, when it is his turn, whether he carries on what he is told.
FOREVER, FIRST = "always", "first-only"
WAYS = (*MADE, FIRST, "takes-over", "relays")
RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # the state that it begins with, and what is run
    "never-exchanged": ("installed", ("--change=thief",)),
    "renewal": ("exchanged", ("--change=thief",)),
    "night": ("exchanged", ("-m", "verify")),
}


@dataclass(frozen=True)
class Case:
    """An impostor of one kind of certificate, in one way, in one run."""

    kind: str
    way: str
    run: str

    @property
    def name(self) -> str:
        """Its name in the job's record."""
        return f"{self.kind}-{self.way}-{self.run}"


def cases() -> list[Case]:
    """Each kind in each way; the runs take turns, so that each kind and each way meets each of them."""
    runs = list(RUNS)
    return [
        Case(kind, way, runs[(row + column) % len(runs)])
        for row, kind in enumerate(KINDS)
        for column, way in enumerate(WAYS)
    ]


def make_states(folder: Path) -> States:
    """Both states, each in a folder of its own."""
    with site_lab(folder / "installed", site=SITE):
        pass
    with site_lab(folder / "exchanged", site=SITE, like=folder / "installed" / "state") as lab:
        done = runbook(lab, folder / "out", "--change=first")
        assert done.exit_code == 0, done.output
    return {name: folder / name / "state" for name in ("installed", "exchanged")}


@dataclass
class Watch:
    """Looks all the time whether a certificate comes to any drive or trust list: as it is, or in base64."""

    lab: SiteLab
    certificate: bytes
    found: set[str] = field(default_factory=set)
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> None:
        """Look at each file that has changed since."""
        for path in self._files():
            try:
                stat = path.stat()
                if self._seen.get(path) != (stat.st_mtime_ns, stat.st_size):
                    self._seen[path] = (stat.st_mtime_ns, stat.st_size)
                    if _holds(path.read_bytes(), self.certificate):
                        self.found.add(str(path))
            except FileNotFoundError:
                continue

    def _files(self) -> Iterator[Path]:
        for fqdn in self.lab.hosts:
            for place in ("C", "trust"):
                yield from (path for path in (self.lab.folder(fqdn) / place).rglob("*") if path.is_file())


def _holds(content: bytes, certificate: bytes) -> bool:
    piece = certificate[-60:-3]  # of its signature, which nothing else has
    texts = (base64.b64encode(certificate[-60 + shift : -3])[4:60] for shift in range(3))
    flat = content.translate(None, b"\r\n")
    return piece in content or any(text in flat for text in texts)


@contextmanager
def watching(lab: SiteLab, certificate: bytes) -> Iterator[Watch]:
    """Watch for the block, and once more at its end."""
    watch, over = Watch(lab, certificate), threading.Event()

    def go_on() -> None:
        while not over.wait(0.1):
            watch.look()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
        watch.look()


def turn_of(case: Case) -> Callable[[int], bool]:
    """Which connections the impostor answers."""
    if case.way == FIRST:
        return lambda number: number == 1
    if case.way == "takes-over":
        latest = 2 if case.run == "night" else 6  # a port is looked at so often at the least
        after = random.Random(case.name).randint(1, latest)  # noqa: S311 - an order, not a secret
        return lambda number: number > after
    return lambda _: True


def nobody_trusts_him(states: States, folder: Path, case: Case) -> None:
    """Run the case, and see that nothing of the impostor's was imported, that he got nothing, and that he is named."""
    kind, (state, arguments) = KINDS[case.kind], RUNS[case.run]
    with site_lab(folder, site=SITE, like=states[state]) as lab:
        place = lab.endpoint(kind.host, kind.port)
        real = leaf(*place, kind.key)
        twin = MADE.get(case.way, MADE["twin"])(lab, real)
        lab.edit_inventory(renew="all")
        alone = takes_ecdsa_alone if kind.key == "ECDSA" else lambda hello: not takes_ecdsa_alone(hello)
        answer = relaying(twin.context) if case.way == "relays" else baiting(twin.context)
        before, seen = _live(lab), len(lab.audit())
        with standing(Impostor(place, answer, turn_of(case), alone)) as thief, watching(lab, twin.leaf) as watch:
            lab.move(kind.host, kind.port, thief.port)
            done = runbook(lab, folder / "out", *arguments)
        expected = {one for der in (real, leaf(*place, kind.key)) for one in _told_as(der)}
        expected |= {_colons(one) for one in lab.authorities(kind.host)}
        assert thief.answered, "he never stood there"
        assert watch.found == set()
        _told_of_him(done, kind.host, twin, expected)
        _got_no_password(lab, thief)
        _nothing_after_it(lab, done, seen)
        if case.way != "takes-over":
            assert _live(lab) == before
            assert not [line for line in lab.audit()[seen:] if line.get("changed_services")]


def _live(lab: SiteLab) -> dict[str, bytes]:
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    stores |= {f"{fqdn}/jre": lab.store_file(fqdn, JRE).read_bytes() for fqdn in lab.of_role("cvp")}
    return stores | {f"{vvb}/{name}": pem for vvb in lab.of_role("vvb") for name, pem in lab.trust_list(vvb).items()}


def _colons(fingerprint: str) -> str:
    return ":".join(re.findall("..", fingerprint.upper()))


def _told(certificate: bytes) -> str:
    return _colons(hashlib.sha256(certificate).hexdigest())


def _told_as(certificate: bytes) -> set[str]:
    """Its SHA-256, or the SHA-1 by which Windows itself names it."""
    return {_told(certificate), hashlib.sha1(certificate).hexdigest().upper()}  # noqa: S324


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _told_of_him(done: Finished, host: str, twin: Twin, expected: set[str]) -> None:
    assert done.exit_code in (1, 10), done.output  # failed, or could not find out
    assert "Traceback" not in done.output
    (folder,) = (one for one in done.evidence.iterdir() if one.is_dir())
    record = (folder / "change-record.html").read_text(encoding="utf-8")
    for name, text in (("the output", done.output), ("the record", record)):
        told = _squeezed(text)
        assert host in told, f"{name} does not name {host}: {done.output}"
        assert _told(twin.leaf) in told, f"{name} does not name what was found: {done.output}"
        assert any(one in told for one in expected), f"{name} does not name what was expected: {done.output}"


def _got_no_password(lab: SiteLab, thief: Impostor) -> None:
    heard = b"|".join(thief.heard)
    for password in lab.passwords():
        plain = password.encode()
        forms = {plain, quote_plus(password).encode(), password.encode("utf-16-le")}
        forms |= {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
        assert not [form for form in forms if form in heard], "he was told a password"
    assert b"Authorization" not in heard


def _nothing_after_it(lab: SiteLab, done: Finished, seen: int) -> None:
    """Since the run was blocked nothing was changed but what gives the locks back."""
    for file in done.evidence.rglob("blocked/everything"):
        blocked = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        later = [line for line in lab.audit()[seen:] if datetime.fromisoformat(line["time"]) > blocked]
        changed = [line["text"] for line in later if line["changed"] and "runbook-lock" not in line["text"]]
        assert changed == []
