"""The setup of hosts: first the keys of all hosts, then the stores, which may hold certificates of other hosts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lab.certificates import authority, load_identity
from lab.keys import KeyPool
from lab.passwords import Secrets
from lab.set_up.exchange import Exchange
from lab.site.site import Site
from lab.tables.site_host import SiteHost
from lab.tables.vos_roles import TOMCAT
from lab.vos.install import install as install_node
from lab.vos.install import own_file
from lab.vos.trust import trust_lists
from lab.windows.host.install import Entries, Factory, install, make_factory
from lab.windows.host.layout import HostLayout
from lab.windows.host.loading import leaf_on_disk

AUTHORITIES = 20  # in a trust store that an installer leaves


@dataclass(frozen=True)
class Setup:
    """The hosts of a state that are still missing. They appear together: a lab that was killed leaves none of them."""

    folder: Path  # the state's
    site: Site
    secrets: Secrets
    keys: KeyPool

    def run(self, pool: Executor) -> None:
        """Set up every missing host. Raises OSError or ValueError."""
        shutil.rmtree(self._building, ignore_errors=True)
        nodes = pool.map(self._install_node, [host for host in self._missing if host.is_node])
        windows = [host for host in self._missing if not host.is_node]
        made = pool.map(lambda host: make_factory(self._layout(host), self.keys), windows)
        factories = {host.fqdn: factory for host, factory in zip(windows, made, strict=True)}
        list(nodes)
        exchange = Exchange(self.site, lambda fqdn, port: self._leaf(factories, fqdn, port))
        imported = {host.fqdn: exchange.into(host.fqdn) for host in self._missing}
        authorities = _made_up_authorities()
        list(
            pool.map(
                lambda host: install(self._layout(host), factories[host.fqdn], authorities, imported[host.fqdn]),
                windows,
            )
        )
        for host in self._missing:
            if host.is_node:
                self._trust(host, imported[host.fqdn])
        (self.folder / "hosts").mkdir(exist_ok=True)
        for host in self._missing:
            (self._building / host.fqdn).rename(self._place(host))

    @property
    def _building(self) -> Path:
        return self.folder / "setup"

    def _place(self, host: SiteHost) -> Path:
        return self.folder / "hosts" / host.fqdn

    @cached_property
    def _missing(self) -> Sequence[SiteHost]:
        return [host for host in self.site.hosts if not self._place(host).exists()]

    def _layout(self, host: SiteHost) -> HostLayout:
        return HostLayout(self._building / host.fqdn, host, self.secrets)

    def _install_node(self, host: SiteHost) -> None:
        install_node(self._building / host.fqdn, host.about, lambda: self.keys.take(1)[0])

    def _trust(self, host: SiteHost, exchanged: Mapping[str, Entries]) -> None:
        for unit, trust in trust_lists(self._building / host.fqdn, host.about).items():
            for certificate in exchanged.get(unit, {}).values():
                trust.add(certificate, "Trust Certificate")

    def _leaf(self, factories: Mapping[str, Factory], fqdn: str, port: str) -> bytes:
        """Return the certificate that a host, set up now or earlier, presents on a port."""
        host = next(host for host in self.site.hosts if host.fqdn == fqdn)
        folder = (self._building / fqdn) if host in self._missing else self._place(host)
        if host.is_node:
            return load_identity(own_file(folder, TOMCAT).read_bytes()).chain[0]
        layout = replace(self._layout(host), folder=folder)
        factory = factories.get(fqdn)
        found = factory.leaf(layout.role_data, port) if factory else leaf_on_disk(layout, port)
        if found is None:
            raise ValueError(f"{fqdn} presents nothing on {port}")
        return found


def _made_up_authorities() -> Entries:
    return {
        f"lab root ca {number:02}": authority(f"Made-up Root CA {number:02}").identity.chain[0]
        for number in range(1, AUTHORITIES + 1)
    }
