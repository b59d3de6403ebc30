"""What the hosts of a crashed run hold, and what must hold right after the crash and in the end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import jks

from tests.runbook.probes import Trust, anchors_in_use, leaf
from tests.runbook.runs import Finished
from tests.runbook.site_lab import JRE, SECOND, SiteLab
from tests.runbook.whole import whole
from tests.solution.watched import untrusting

OWN = ("wsm_certificate", "vxml_certificate", "callserver_certificate")
NOTHING = "there is nothing to take back"
StoreName = tuple[str, str]  # host, and the file of a further store


def stores(lab: SiteLab) -> list[StoreName]:
    """Every store that a run may write."""
    further = [(fqdn, SECOND[lab.release(fqdn)]) for fqdn in lab.of_role("ads") if lab.release(fqdn) in SECOND]
    further += [(fqdn, JRE) for fqdn in lab.of_role("cvp")]
    return [*((fqdn, "") for fqdn in lab.keepers), *further]


@dataclass(frozen=True)
class World:
    """What hosts hold: each store's bytes, each appliance's trust list, the private keys in use, what services run."""

    stores: dict[StoreName, bytes]
    trust: dict[str, dict[str, bytes]]
    keys: frozenset[bytes]
    own: dict[str, dict[str, str]]  # the certificates of those keys
    running: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, lab: SiteLab) -> World:
        """As it is now. Fails where a store does not open."""
        for fqdn, further in stores(lab):
            lab.entries(fqdn, further)
        cvps = lab.of_role("cvp")
        return cls(
            {(fqdn, further): lab.store_file(fqdn, further).read_bytes() for fqdn, further in stores(lab)},
            {vvb: lab.trust_list(vvb) for vvb in lab.of_role("vvb")},
            frozenset(key for fqdn in cvps for _, key in lab.keys(fqdn)),
            {fqdn: {alias: lab.entries(fqdn)[alias] for alias in OWN} for fqdn in cvps},
            running(lab),
        )


def kept_keys(lab: SiteLab) -> frozenset[bytes]:
    """Every private key that some store of a host holds, a live one or a copy. A copy may be cut off."""
    found: set[bytes] = set()
    for fqdn in lab.of_role("cvp"):
        for file in lab.folder(fqdn).rglob(".keystore"):
            with suppress(Exception):  # a torn copy: pyjks raises many things
                opened = jks.KeyStore.load(str(file), lab.store_password(fqdn)).private_keys
                found |= {entry.pkey_pkcs8 for entry in opened.values()}
    return frozenset(found)


def running(lab: SiteLab) -> frozenset[tuple[str, str]]:
    """The services that run now: host and name."""
    notes = ((fqdn, note) for fqdn in lab.hosts for note in lab.folder(fqdn).glob("running/*/presented.json"))
    return frozenset((fqdn, note.parent.name) for fqdn, note in notes)


# -- what must hold ---------------------------------------------------------------------------------------------------


def is_unharmed(lab: SiteLab, before: World) -> World:
    """Right after the crash: every live store opens, and every key that was in use is there."""
    now = World.of(lab)
    assert before.keys | now.keys <= kept_keys(lab), "a private key is lost"
    return now


def is_finished(lab: SiteLab, before: World, crashed: World, finished: Finished, planted: Sequence[Trust] = ()) -> None:
    """All is done: every certificate is new, every trust works, planted ones too, every key that was in use is kept."""
    assert finished.exit_code == 0, finished.output
    now, trusts = World.of(lab), [*whole(lab), *planted]
    assert untrusting(lab, trusts) == []
    assert [edge for edge in trusts if not works(lab, edge)] == []
    for fqdn, own in now.own.items():
        assert {alias for alias in OWN if own[alias] == before.own[fqdn][alias]} == set()
    for (fqdn, further), content in before.stores.items():
        if now.stores[fqdn, further] == content:
            continue
        copies = [one.read_bytes() for one in lab.folder(fqdn).rglob(f"runbook-K1/before/{_name(lab, fqdn, further)}")]
        assert content in copies, f"{fqdn} {further}: no copy from before"
        assert not [alias for alias in lab.entries(fqdn, further) if alias.endswith("_old")]
    nothing_is_left(lab, before, before.keys | crashed.keys | now.keys)


def works(lab: SiteLab, edge: Trust) -> bool:
    """Whether what the importer's service has loaded holds what the exporter presents."""
    presented = hashlib.sha256(leaf(*lab.endpoint(edge.exporter, edge.port))).hexdigest()
    return presented in (anchors_in_use(lab, edge) or ())


def is_rolled_back(lab: SiteLab, before: World, crashed: World, back: Finished) -> None:
    """Every store holds its bytes, every appliance trusts whom it trusted, every key that was in use is kept.

    Where the crash came before anything of the change was left anywhere, that is said.
    """
    if any(path for fqdn in lab.keepers for path in lab.folder(fqdn).rglob("runbook-K1")):
        assert back.exit_code == 0, back.output
    else:
        assert back.exit_code == 0 or NOTHING in back.said, back.output
    now = World.of(lab)
    assert {one for one, content in now.stores.items() if content != before.stores[one]} == set()
    assert _certificates(now) == _certificates(before)
    nothing_is_left(lab, before, before.keys | crashed.keys)


def nothing_is_left(lab: SiteLab, before: World, keys: frozenset[bytes]) -> None:
    """No lock, no staged copy, no service that stands still; no key lost."""
    for fqdn in lab.keepers:
        assert not list(lab.folder(fqdn).rglob("runbook-lock")), fqdn
        assert [path for path in lab.folder(fqdn).rglob("runbook-K1/staged/*") if path.is_file()] == []
    assert keys <= kept_keys(lab), "a private key is lost"
    assert before.running - running(lab) == frozenset()


def _name(lab: SiteLab, fqdn: str, further: str) -> str:
    return lab.store_file(fqdn, further).name


def _certificates(world: World) -> dict[str, dict[str, bytes]]:
    """What trust lists hold, by its file: the description before the certificate says who uploaded it, and when."""
    return {
        vvb: {name: content[content.index(b"-----BEGIN") :] for name, content in entries.items()}
        for vvb, entries in world.trust.items()
    }
