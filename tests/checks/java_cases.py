"""Stores, what is presented to them, and whether Java trusts that: for our own rule, and for Java itself to judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import jks
from cryptography.hazmat.primitives import serialization

from checks.keystore import Entries, Entry, EntryType
from checks.x509.certificate import Certificate
from tests.checks import made, odd
from tests.checks.java import java_trusts, presenting, trust_store
from tests.checks.odd import AUTHORITY, BMP, EMAIL, IA5, PRINTABLE, SHA1, T61, UTC, UTF8, name, tlv

LOCALHOST = odd.alternative(tlv(0x82, b"localhost"))
SERVER, CLIENT = (odd.extension("2.5.29.37", odd.sequence(odd.oid(f"1.3.6.1.5.5.7.3.{number}"))) for number in (1, 2))
EXPIRED = odd.sequence(tlv(UTC, b"200101000000Z"), tlv(UTC, b"210101000000Z"))
COMING = odd.sequence(tlv(UTC, b"480101000000Z"), tlv(UTC, b"490101000000Z"))
ROOT, MIDDLE = name(b"Root"), name(b"Middle")
LEAF = name(b"Leaf")
authority = partial(odd.certificate, AUTHORITY, subject=ROOT, kind="ca")
leaf = partial(odd.certificate, LOCALHOST, subject=LEAF)
issued = partial(leaf, issuer=ROOT, signer="ca")
middle = partial(odd.certificate, subject=MIDDLE, issuer=ROOT, signer="ca", kind="other")
deep = partial(leaf, issuer=MIDDLE, signer="other")
SIGNS, SIGNS_NOT = (odd.extension("2.5.29.15", tlv(3, b"\x02", bits)) for bits in (b"\x04", b"\x80"))


@dataclass(frozen=True)
class Case:
    """What a store holds, what a server presents, and whether that is trusted."""

    chain: list[Certificate]
    holds: list[Certificate]
    trusted: bool
    key: str = "rsa"
    own: list[Certificate] = field(default_factory=list)  # of a key entry
    hidden: bool = False  # under an alias that is not lower-cased

    def entries(self) -> Entries:
        alias = "A{}" if self.hidden else "a{}"
        held = [Entry(alias.format(number), EntryType.TRUSTED, (one,)) for number, one in enumerate(self.holds)]
        return Entries([*held, *([Entry("own", EntryType.KEY, tuple(self.own))] if self.own else [])])

    def file(self, folder: Path) -> Path:
        entries = []
        for one in self.entries():
            der = [each.der for each in one.chain]
            if one.type is EntryType.KEY:
                entries.append(jks.PrivateKeyEntry.new(one.alias, der, _private_key(self.key)))
            else:
                entries.append(jks.TrustedCertEntry.new(one.alias, der[0]))
            entries[-1].alias = one.alias
        return trust_store(folder / "store", entries)


def _private_key(kind: str) -> bytes:
    return made.key(kind).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _named(text: bytes, tag: int, kind: str = odd.ORGANIZATION) -> bytes:
    return name(text, tag, kind)


def _by_name(of_root: bytes, of_leaf: bytes, *, trusted: bool) -> Case:
    """A leaf whose issuer is spelled in another way than the name of the root."""
    return Case([issued(issuer=of_leaf)], [authority(subject=of_root)], trusted)


CASES: dict[str, Case] = {
    "itself": Case([leaf()], [leaf()], trusted=True),
    "another one": Case([leaf()], [odd.certificate(subject=ROOT, kind="other")], trusted=False),
    "itself, though expired": Case([leaf(valid=EXPIRED)], [leaf(valid=EXPIRED)], trusted=True),
    "itself, though for clients": Case([leaf(CLIENT)], [leaf(CLIENT)], trusted=True),
    "itself, with an unknown critical extension": Case(
        [leaf(odd.extension("1.2.3.4", odd.null, critical=True))],
        [leaf(odd.extension("1.2.3.4", odd.null, critical=True))],
        trusted=True,
    ),
    "another of its name and key": Case([leaf()], [leaf(serial=odd.integer(b"\x07"))], trusted=False),
    "another of its name and key, an authority": Case(
        [leaf()], [odd.certificate(AUTHORITY, subject=LEAF)], trusted=True
    ),
    "another of its name": Case([leaf()], [leaf(kind="other")], trusted=False),
    "its own, with the key": Case([leaf()], [], trusted=True, own=[leaf()]),
    "its issuer behind an own key": Case(
        [issued(serial=odd.integer(b"\x07"))], [], trusted=False, own=[issued(), authority()]
    ),
    "under an alias that is not lower-cased": Case([leaf()], [leaf()], trusted=False, hidden=True),
    "its root": Case([issued()], [authority()], trusted=True),
    "its root, expired": Case([issued()], [authority(valid=EXPIRED)], trusted=True),
    "its root, of version 1": Case([issued()], [odd.certificate(subject=ROOT, kind="ca", version=b"")], trusted=True),
    "its root, no authority": Case([issued()], [odd.certificate(subject=ROOT, kind="ca")], trusted=False),
    "its root, that signs certificates": Case([issued()], [authority(SIGNS)], trusted=True),
    "its root, that signs none": Case([issued()], [authority(SIGNS_NOT)], trusted=False),
    "a root of that name with another key": Case([issued()], [authority(kind="other")], trusted=False),
    "expired, its root": Case([issued(valid=EXPIRED)], [authority()], trusted=False),
    "not valid yet, its root": Case([issued(valid=COMING)], [authority()], trusted=False),
    "for servers, its root": Case([issued(SERVER)], [authority()], trusted=True),
    "for clients, its root": Case([issued(CLIENT)], [authority()], trusted=False),
    "with an unknown critical extension, its root": Case(
        [issued(odd.extension("1.2.3.4", odd.null, critical=True))], [authority()], trusted=False
    ),
    "by MD5, its root": Case([issued(algorithm=odd.MD5)], [authority()], trusted=False),
    "by SHA-1, its root": Case([issued(algorithm=SHA1)], [authority()], trusted=True),
    "by RSASSA-PSS, its root": Case([issued(algorithm=odd.PSS)], [authority()], trusted=True),
    "over an authority": Case([deep(), middle(AUTHORITY)], [authority()], trusted=True),
    "over an authority, expired": Case([deep(), middle(AUTHORITY, valid=EXPIRED)], [authority()], trusted=False),
    "over one that is none": Case([deep(), middle()], [authority()], trusted=False),
    "over one of version 1": Case([deep(), middle(version=b"")], [authority()], trusted=False),
    "names in another case and spacing": _by_name(
        _named(b"the ROOT", UTF8), _named(b"  The   root ", UTF8), trusted=True
    ),
    "a PrintableString for a UTF8String": _by_name(_named(b"Root", UTF8), _named(b"root", PRINTABLE), trusted=True),
    "a T61String for a UTF8String": _by_name(_named(b"Root", UTF8), _named(b"Root", T61), trusted=False),
    "a T61String in another case": _by_name(_named(b"Root", T61), _named(b"root", T61), trusted=False),
    "a BMPString for itself": _by_name(_named(b"\0R\0o", BMP), _named(b"\0R\0o", BMP), trusted=True),
    "an e-mail address in another case": _by_name(
        _named(b"a@b.example", IA5, EMAIL), _named(b"A@b.example", IA5, EMAIL), trusted=False
    ),
    "an attribute without a keyword in another case": _by_name(
        _named(b"root", UTF8, "1.2.3.4.5"), _named(b"Root", UTF8, "1.2.3.4.5"), trusted=False
    ),
    "a ligature for its letters": _by_name(_named("ﬁrst".encode(), UTF8), _named(b"FIRST", UTF8), trusted=True),
}
# Kinds of certificates that this machine's TLS server can present at all, with a key of the pool.
PRESENTABLE = {
    kind: Case([one.certificate], [one.certificate], trusted=True, key="ec" if kind == "ECDSA" else "rsa")
    for kind, one in odd.TAKEN.items()
    if kind in ("version 1", "a negative serial number", "an x400Address", "a T61String", "RSASSA-PSS", "ECDSA")
}


def java_says(case: Case, folder: Path, host: str = "localhost") -> bool:
    """Whether Java with this store takes what is presented."""
    with presenting(made.key(case.key), case.chain) as port:
        return java_trusts(case.file(folder), port, host)


# host, names of the certificate, whether it is a wildcard that Java takes for the host
WILDCARDS: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "one label": ("awa.site.example", ("*.site.example",), True),
    "in another case": ("awa.site.example", ("*.SITE.example",), True),
    "two labels": ("awa.a.site.example", ("*.site.example",), False),
    "no label": ("site.example", ("*.site.example",), False),
    "another domain": ("awa.site.example", ("*.other.example",), False),
    "one of several": ("awa.site.example", ("a.example", "*.site.example"), True),
}


def leaf_named(names: tuple[str, ...]) -> Certificate:
    return odd.certificate(odd.alternative(*(tlv(0x82, one.encode()) for one in names)))
