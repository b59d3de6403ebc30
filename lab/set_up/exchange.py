"""Certificates that the hosts of a site have exchanged already, as on real sites: the initial content of the stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from lab.certificates import authority, self_signed
from lab.keys import KeyPool
from lab.site.site import Exchanged, Site
from lab.tables.roles import ROLES
from lab.tables.site_host import SiteHost
from lab.tables.vos_roles import ROLES as VOS_ROLES
from lab.vos.certificates import self_signed as made_by_the_platform

Leaf = Callable[[str, str], bytes]  # (host, port) -> the certificate (DER) that is presented there
OLDER_DAYS_AGO = 400  # a superseded certificate has not expired: nobody had to renew it


class Exchange:
    """The entries of a site file's `exchanged`, as certificates. May be asked from one thread at a time."""

    def __init__(self, site: Site, leaf: Leaf) -> None:
        self._site = site
        self._leaf = leaf
        self._hosts = {host.fqdn: host for host in site.hosts}
        self._older: dict[tuple[str, str], bytes] = {}
        self._foreign: dict[str, bytes] = {}
        self._keys = KeyPool(4)  # separate keys: a superseded certificate never has the present one's key

    def into(self, importer: str) -> Mapping[str, Mapping[str, bytes]]:
        """Return the content of a host's stores, of a node's trust lists: store -> alias -> certificate (DER)."""
        found: dict[str, dict[str, bytes]] = {}
        for entry in self._site.exchanged:
            if entry.importer == importer:
                found.setdefault(entry.store, {})[entry.alias] = self._certificate(entry)
        return found

    def _certificate(self, entry: Exchanged) -> bytes:
        if entry.kind == "foreign":
            return self._foreign.setdefault(entry.alias, authority(entry.alias).identity.chain[0])
        if entry.kind == "current":
            return self._leaf(entry.exporter, entry.port)
        place = (entry.exporter, entry.port)
        if place not in self._older:
            self._older[place] = self._made_earlier(self._hosts[entry.exporter], entry.port)
        return self._older[place]

    def _made_earlier(self, host: SiteHost, port: str) -> bytes:
        (key,) = self._keys.take(1)
        if host.is_node:
            since = datetime.now(UTC) - timedelta(days=OLDER_DAYS_AGO)
            days = VOS_ROLES[host.role].validity_days
            return made_by_the_platform(host.fqdn, days, key, since=since).chain[0]
        subject = [("CN", host.fqdn if _names_its_fqdn(host, port) else host.hostname), ("O", "Cisco")]
        return self_signed(subject, key=key, days_ago=OLDER_DAYS_AGO).chain[0]


def _names_its_fqdn(host: SiteHost, port: str) -> bool:
    """True if setup knew the full name, as for IIS and Portico; False for CVP's, which knows the bare name."""
    services: Sequence[str] = [s.presents_from for s in ROLES[host.role].services if port in s.presents]
    return services == [""]
