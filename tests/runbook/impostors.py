"""Impostors on every kind of certificate and every channel, and what must hold whatever they do."""

from __future__ import annotations

import base64
import random
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

from tests.runbook import attacks
from tests.runbook.attacks import CRM, ECE, FIRST, HTTP, HTTPS, KINDS, LATER, RELAYS, SSH, TICKETS, UCM, VVB, Attack
from tests.runbook.brought import watching
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import DUO, JRE, SiteLab, site_lab
from tests.runbook.twins import MADE

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
RUNS: Mapping[str, tuple[str, tuple[str, ...]]] = {  # the state that it begins with, and what is run
    "never-exchanged": ("installed", ("--change=thief",)),
    "renewal": ("exchanged", ("--change=thief",)),
    "night": ("exchanged", ("-m", "verify")),
}
WAYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(KINDS, (*MADE, FIRST, LATER, RELAYS)),
    HTTPS: attacks.OVER_HTTPS,
    HTTP: tuple(attacks.OVER_HTTP),
    SSH: tuple(attacks.OVER_SSH),
}


_SECONDS, _LONG = 30, 600  # for a service to come back with its certificate, and for a whole run


@dataclass(frozen=True)
class Case:
    """An impostor of one kind of certificate or on one channel, in one way, in one run."""

    kind: str
    way: str
    run: str

    @property
    def name(self) -> str:
        """Its name in the job's record."""
        return f"{self.kind}-{self.way}-{self.run}"

    def attack(self, lab: SiteLab) -> AbstractContextManager[Attack]:
        """Let the impostor stand there."""
        latest = 2 if self.run == "night" else 6  # a port is looked at so often at the least
        mine = attacks.turn_of(self.way, 1 if self.kind in (SSH, HTTPS) else latest, self.name)
        if self.kind == HTTPS:
            return attacks.on_winrm(lab, mine, self.way)
        if self.kind == HTTP:
            return attacks.in_clear(lab, mine, self.way)
        if self.kind == SSH:
            return attacks.on_ssh(lab, mine, self.way)
        return attacks.at_a_port(lab, mine, KINDS[self.kind], self.way)


def cases() -> list[Case]:
    """Each kind in each of its ways; the runs take turns, so that each kind and each way meets each of them."""
    runs = list(RUNS)
    return [
        Case(kind, way, runs[(row + column) % len(runs)])
        for row, (kind, ways) in enumerate(WAYS.items())
        for column, way in enumerate(ways)
    ]


def sample(seed: int) -> list[Case]:
    """One of a port that is read, of one whose host keeps the key, and of a channel; which ones, the seed says."""
    chosen = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
    read, kept, channels = ("IIS", "DFP", "tomcat"), ("WSM", "VXML", "CallServer-SIP"), (HTTPS, HTTP, SSH)
    groups = ([one for one in cases() if one.kind in kinds and one.way != LATER] for kinds in (read, kept, channels))
    return [chosen.choice(group) for group in groups]


def make_states(folder: Path) -> States:
    """Both states, each in a folder of its own."""
    with site_lab(folder / "installed", site=SITE):
        pass
    with site_lab(folder / "exchanged", site=SITE, like=folder / "installed" / "state") as lab:
        done = runbook(lab, folder / "out", "--change=first")
        assert done.exit_code == 0, done.output
    return {name: folder / name / "state" for name in ("installed", "exchanged")}


def nobody_trusts_him(states: States, folder: Path, case: Case) -> None:
    """Run the case, and see that nothing of the impostor's was imported, that he got nothing, and that he is named."""
    state, arguments = RUNS[case.run]
    options = ("--winrm-scheme", "http") if case.kind == HTTP else ()
    with site_lab(folder, *options, site=SITE, like=states[state]) as lab:
        lab.edit_inventory(renew="all")
        before, seen = _live(lab), len(lab.audit())
        with ExitStack() as stack:
            attack = stack.enter_context(case.attack(lab))
            watch = stack.enter_context(watching(lab, attack.leaf)) if attack.leaf else None
            done = runbook(lab, folder / "out", f"--wait-for-services={_SECONDS}", *arguments, within=_LONG)
        assert attack.stood(), "he never stood there"
        assert watch is None or watch.found == set()
        _told_of_him(done, attack)
        _got_no_password(lab, attack)
        _nothing_after_it(lab, done, seen)
        if case.way != LATER:
            assert _live(lab) == before
            assert not [line for line in lab.audit()[seen:] if line.get("changed_services")]


def _live(lab: SiteLab) -> dict[str, bytes]:
    stores = {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in lab.keepers}
    stores |= {f"{fqdn}/jre": lab.store_file(fqdn, JRE).read_bytes() for fqdn in lab.of_role("cvp")}
    return stores | {f"{vvb}/{name}": pem for vvb in lab.of_role("vvb") for name, pem in lab.trust_list(vvb).items()}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _told_of_him(done: Finished, attack: Attack) -> None:
    """On the terminal and in the record: who, what was expected, what was found."""
    assert done.exit_code in (1, 10), done.output  # failed, or could not find out
    assert "Traceback" not in done.output
    (folder,) = (one for one in done.evidence.iterdir() if one.is_dir())
    record = (folder / "change-record.html").read_text(encoding="utf-8")
    expected = attack.expected() or {""}
    for name, text in (("the output", done.output), ("the record", record)):
        told = _squeezed(text)
        missing = [one for one in (attack.host, attack.found, *attack.words) if _squeezed(one) not in told]
        assert missing == [], f"{name} does not say {missing}: {done.output}"
        assert any(one in told for one in expected), f"{name} does not say what was expected: {done.output}"


def _got_no_password(lab: SiteLab, attack: Attack) -> None:
    heard = attack.heard()
    for password in lab.passwords():
        plain = password.encode()
        forms = {plain, quote_plus(password).encode(), password.encode("utf-16-le")}
        forms |= {base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)}
        assert not [form for form in forms if form in heard], "he was told a password"
    assert (b"Authorization: Basic" if attack.logs_in else b"Authorization") not in heard


def _nothing_after_it(lab: SiteLab, done: Finished, seen: int) -> None:
    """Since the run was blocked nothing was changed but what gives the locks back."""
    for file in done.evidence.rglob("blocked/everything"):
        blocked = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        later = [line for line in lab.audit()[seen:] if datetime.fromisoformat(line["time"]) > blocked]
        changed = [line["text"] for line in later if line["changed"] and "runbook-lock" not in line["text"]]
        assert changed == []
