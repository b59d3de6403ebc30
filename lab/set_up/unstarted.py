"""The inventory of a lab that is not started: it lists the hosts, but nothing answers at their addresses.

It suffices to list what would be done.
"""

from __future__ import annotations

from pathlib import Path

from lab.certificates import authority, pem
from lab.errors import LabError
from lab.passwords import write_private
from lab.site.addresses import PORTS, THE_ONLY_ONE
from lab.site.inventory import Endpoint, InventoryWriter, WebEndpoint
from lab.site.site import Site
from lab.tables.site_host import SiteHost
from lab.vos.install import new_host_key

_NOBODY = "0" * 64  # the fingerprint of no certificate


def write_inventory(site: Site, file: Path) -> None:
    """Write the inventory and the files that it names. Raises LabError."""
    key = file.with_name("host-key-of-nobody")
    ca = pem(authority("Nobody").identity.chain[0])
    writer = InventoryWriter(file, site, "https", ca, dict.fromkeys(site.usernames, "nobody's"))
    services = [WebEndpoint(one.fqdn, THE_ONLY_ONE, PORTS.start, _NOBODY) for one in site.web_services]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(key, new_host_key())
        writer.write([_endpoint(host, key) for host in site.hosts], services)
    except OSError as error:
        raise LabError(f"{file}: cannot be written: {error.strerror}") from error


def _endpoint(host: SiteHost, key: Path) -> Endpoint:
    ports = {name: PORTS.start + number for number, name in enumerate(host.port_keys)}
    pin = "" if host.managed else _NOBODY
    return Endpoint(host, THE_ONLY_ONE, ports, sha256=pin, host_key_file=key if "ssh" in ports else None)
