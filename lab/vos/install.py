"""The setup of an appliance: the first content of a node's folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from lab.certificates import Identity
from lab.keys import new_key
from lab.passwords import write_private
from lab.tables.vos_roles import IPSEC, TOMCAT, TOMCAT_ECDSA, TRUST_UNIT, About
from lab.vos.certificates import elliptic_key, self_signed
from lab.vos.trust import TrustList, trust_lists

HISTORY = "system-history.log"


def install(folder: Path, about: About, rsa_key: Callable[[], rsa.RSAPrivateKey] = new_key) -> None:
    """Set the node up unless it exists; an interrupted setup leaves no node. May run on any thread.

    The first time it makes one RSA key (some 50 ms).
    """
    if folder.exists():
        return
    building = folder.with_name(f".new-{folder.name}")
    shutil.rmtree(building, ignore_errors=True)
    for unit in about.role_data.trust_units:
        (building / "trust" / unit).mkdir(parents=True)
    trust = trust_lists(building, about)[TRUST_UNIT]
    for purpose in own_purposes(about):
        # Nobody connects to IPsec: an elliptic key costs nothing.
        key = rsa_key() if purpose == TOMCAT else elliptic_key()
        identity = self_signed(about.fqdn, about.role_data.validity_days, key)
        write_private(own_file(building, purpose), identity.pem().decode("ascii"))
        add_own_to_trust(trust, purpose, identity)
    write_private(host_key_file(building), new_host_key())
    (building / HISTORY).write_text(_head_of_history(about), encoding="utf-8")
    building.rename(folder)


def own_purposes(about: About) -> Sequence[str]:
    """Return the purposes of a node's identities, tomcat first."""
    return (TOMCAT, TOMCAT_ECDSA, IPSEC) if about.role_data.ecdsa else (TOMCAT, IPSEC)


def own_file(folder: Path, purpose: str) -> Path:
    """Return the path of an identity: key and certificate in one PEM file."""
    return folder / "own" / f"{purpose}.pem"


def host_key_file(folder: Path) -> Path:
    """Return the path of the SSH server's key."""
    return folder / "ssh_host_key"


def add_own_to_trust(trust: TrustList, purpose: str, identity: Identity) -> None:
    """Add an own tomcat certificate to the node's tomcat-trust: a node trusts itself."""
    if purpose in (TOMCAT, TOMCAT_ECDSA):
        trust.add(identity.chain[0], "Trust Certificate")


def new_host_key() -> str:
    """Return a private key for an SSH server."""
    # Elliptic: real nodes have RSA keys as well, but a lab of many nodes would spend its time making them.
    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    return key.private_bytes(pem, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()).decode("ascii")


def _head_of_history(about: About) -> str:
    role, release = about.role_data, about.release_data
    line = "=" * 39
    return "\n".join(
        [
            line,
            f"Product Name -    {role.product}",
            f"Product Version - {release.active_version}",
            line,
            "",
        ]
    )
