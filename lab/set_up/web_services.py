"""The endpoints that call flows use (REST, SOAP): self-signed, or issued by a private authority with two levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.certificates import Authority, Identity, authority, load_identity, self_signed
from lab.keys import KeyPool
from lab.passwords import write_private
from lab.site.inventory import WebEndpoint
from lab.site.site import SiteWebService
from lab.tls import TlsListener

PORT = "https"


@dataclass(frozen=True)
class WebService:
    """An endpoint that is ready to listen. `authorities` (DER): the root and what lies below it; empty: self-signed."""

    fqdn: str
    identity: Identity
    authorities: tuple[bytes, ...] = ()
    tls: str = ""  # TLS versions, as the site file names them


def prepare(folder: Path, services: Sequence[SiteWebService], keys: KeyPool) -> Sequence[WebService]:
    """Return the endpoints of a state, made where they are missing."""
    return [_prepared(folder, service, keys) for service in services]


class PoweredWebService:
    """An endpoint that listens."""

    def __init__(self, service: WebService, address: str, ports: Mapping[str, int]) -> None:
        self.service = service
        self.fqdn = service.fqdn
        self.address = address
        self.ports = ports
        self._listener: TlsListener | None = None

    async def power_on(self) -> None:
        """Start to listen. Raises OSError when the port is taken."""
        service = self.service
        self._listener = await TlsListener.open(self.address, self.ports[PORT], service.identity, tls=service.tls)

    @property
    def listening(self) -> Sequence[tuple[str, int]]:
        """The addresses and ports where it answers now."""
        return [(self.address, self.ports[PORT])] if self._listener else []

    @property
    def endpoint(self) -> WebEndpoint:
        """The endpoint's entry for the inventory."""
        service = self.service
        return WebEndpoint(service.fqdn, self.address, self.ports[PORT], service.identity.sha256, service.authorities)

    @property
    def failures(self) -> Sequence[str]:
        """Always empty: an endpoint has no services that can fail."""
        return ()

    async def follow(self) -> None:
        """Do nothing: no fault concerns an endpoint."""

    async def close(self) -> None:
        """Stop listening."""
        if self._listener:
            await self._listener.close()


def _prepared(folder: Path, service: SiteWebService, keys: KeyPool) -> WebService:
    file = folder / f"{service.fqdn}.pem"
    if service.signed_by == "self":
        identity = _kept(file, lambda: self_signed([("CN", service.fqdn)], names=[service.fqdn], key=keys.take(1)[0]))
        return WebService(service.fqdn, identity, tls=service.tls)
    root, issuing = _private_authority(folder, keys)
    identity = _kept(file, lambda: issuing.issue(service.fqdn, [service.fqdn], keys.take(1)[0]))
    authorities = (root.identity.chain[0], issuing.identity.chain[0])
    return WebService(service.fqdn, identity, authorities, service.tls)


def _private_authority(folder: Path, keys: KeyPool) -> tuple[Authority, Authority]:
    # Elliptic keys would do for today's clients, but the policy for certificates allows only RSA.
    root_file, issuing_file = folder / "root-ca.pem", folder / "issuing-ca.pem"
    root = Authority(_kept(root_file, lambda: authority("Example Private Root CA", key=keys.take(1)[0]).identity))
    issuing = _kept(issuing_file, lambda: root.subordinate("Example Private Issuing CA 1", keys.take(1)[0]).identity)
    return root, Authority(issuing)


def _kept(file: Path, make: Callable[[], Identity]) -> Identity:
    if not file.exists():
        write_private(file, make().pem().decode("ascii"))
    return load_identity(file.read_bytes())
