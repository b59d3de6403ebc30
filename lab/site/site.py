"""Site files: the inventory's shape without what only a running lab knows (addresses, ports, pins, secrets).

The lab keeps some keys to itself: those of a host in `KEPT_FROM_THE_INVENTORY`; a web service's `signed_by` and `tls`;
and `exchanged`, which says what stores hold from the beginning (`lab.set_up.exchange`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError
from lab.services.calls import ROLES as CARRYING_CALLS
from lab.site import site_keys
from lab.site.site_keys import check
from lab.tables.releases import RELEASES, WITH_OPENJDK
from lab.tables.roles import MACHINE_STORES, ROLES, Role, stores_of
from lab.tables.site_host import SiteHost
from lab.tables.vos_roles import ROLES as VOS_ROLES
from lab.tables.vos_roles import TRUST_UNIT

BUILT_IN = ("minimal", "reference")
REQUIRED = ("site", "release", "certificate", "credentials", "hosts")
PASSED_ON = ("certificate", "policy", "restart", "accept", "rows", "spog")
LOGIN_PORTS = ("winrm", "ssh")
KEPT_FROM_THE_INVENTORY = (
    *("dependents", "openjdk", "ecdsa_leaf", "tls", "short_names", "environment"),
    *("java_options", "tomcat", "icm", "java", "language", "calls"),
)


@dataclass(frozen=True)
class SiteWebService:
    """An endpoint that call flows use. `signed_by`: `self` or `private_ca`; `tls`: its versions of TLS."""

    fqdn: str
    signed_by: str = "self"
    tls: str = ""


@dataclass(frozen=True)
class Exchanged:
    """An entry that a store holds from the beginning.

    `kind`: `current` is the certificate that `exporter` presents on `port`, `superseded` one that it presented before,
    `foreign` one of no host of the site.
    """

    importer: str
    store: str
    alias: str
    kind: str
    exporter: str = ""
    port: str = ""


@dataclass(frozen=True)
class Site:
    """A site file that has been checked."""

    name: str
    release: str
    hosts: tuple[SiteHost, ...]
    usernames: Mapping[str, str]  # credential -> user name
    role_credentials: Mapping[str, str]
    passed_on: Mapping[str, Any]  # keys that the inventory repeats as they are
    web_services: tuple[SiteWebService, ...] = ()
    exchanged: tuple[Exchanged, ...] = ()

    def credential(self, host: SiteHost) -> str:
        """Return the name of the credential that logs in to this host."""
        chosen = host.entry.get("credential") or self.role_credentials.get(host.role)
        return str(chosen or _role(host.role).credential)

    @property
    def windows_hosts(self) -> Sequence[SiteHost]:
        """The hosts that run Windows."""
        return [host for host in self.hosts if not host.is_node]

    @property
    def nodes(self) -> Sequence[SiteHost]:
        """The VOS appliances."""
        return [host for host in self.hosts if host.is_node]


def load(name_or_file: str) -> Site:
    """Return the site of this built-in name or file. Raises LabError, which names the file and the key at fault."""
    source = files("lab") / "sites" / f"{name_or_file}.yaml" if name_or_file in BUILT_IN else Path(name_or_file)
    shown = str(name_or_file)
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LabError(f"{shown}: no such site ({reason}); built in: {', '.join(BUILT_IN)}") from error
    except yaml.YAMLError as error:
        raise LabError(f"{shown}: not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise LabError(f"{shown}: a site file is a mapping")
    return _site(shown, content)


def _site(shown: str, content: Mapping[str, Any]) -> Site:
    check(shown, content, site_keys.SITE_KEYS, REQUIRED)
    hosts = tuple(
        _host(f"{shown}: hosts[{number}]", entry, content["release"]) for number, entry in enumerate(content["hosts"])
    )
    web_services = tuple(
        _web_service(f"{shown}: web_services[{number}]", entry)
        for number, entry in enumerate(content.get("web_services", []))
    )
    _refuse_twins(shown, [*(host.fqdn for host in hosts), *(service.fqdn for service in web_services)])
    by_fqdn = {host.fqdn: host for host in hosts}
    site = Site(
        name=content["site"],
        release=content["release"],
        hosts=hosts,
        usernames={name: _username(shown, name, entry) for name, entry in content["credentials"].items()},
        role_credentials=content.get("role_credentials", {}),
        passed_on={key: content[key] for key in PASSED_ON if key in content},
        web_services=web_services,
        exchanged=tuple(
            _exchanged(f"{shown}: exchanged[{number}]", entry, by_fqdn)
            for number, entry in enumerate(content.get("exchanged", []))
        ),
    )
    for host in hosts:
        if host.managed and site.credential(host) not in site.usernames:
            raise LabError(f"{shown}: credentials: {site.credential(host)!r} is missing, {host.fqdn} logs in with it")
    return site


def _role(name: str) -> Any:
    return VOS_ROLES[name] if name in VOS_ROLES else ROLES[name]


def _host(shown: str, entry: Mapping[str, Any], release: str) -> SiteHost:
    where = f"{shown} ({entry.get('fqdn', 'no fqdn')})"
    check(where, entry, site_keys.HOST_KEYS, ("fqdn", "role"))
    name = entry["role"]
    if name not in ROLES and name not in VOS_ROLES:
        raise LabError(f"{where}: role: there is no role {name!r}; known: {', '.join([*ROLES, *VOS_ROLES])}")
    windows = ROLES.get(name, Role())
    kept = {key: entry[key] for key in KEPT_FROM_THE_INVENTORY if key in entry}
    kept["dependents"] = {service: tuple(map(str, names)) for service, names in entry.get("dependents", {}).items()}
    passed_on = {key: value for key, value in entry.items() if key not in KEPT_FROM_THE_INVENTORY}
    host = SiteHost(entry["fqdn"], name, passed_on, entry.get("release", release), **kept)
    _check_dependents(where, host)
    leaves = {place for service in windows.services for place in service.presents.values()}
    if not host.managed and name in ROLES and len(leaves) != 1:
        raise LabError(f"{where}: managed: {name} presents {len(leaves)} certificates; an inventory pins one")
    for key, fits, whom in (
        ("openjdk", windows.cce and host.release in WITH_OPENJDK, f"hosts of the CCE in {', '.join(WITH_OPENJDK)}"),
        ("ecdsa_leaf", name in VOS_ROLES and VOS_ROLES[name].ecdsa, "nodes that have an elliptic certificate"),
        ("java_options", "keystore" in windows.stores, "CVP servers"),
        ("tomcat", windows.cce, "hosts of the CCE"),
        ("icm", windows.cce, "hosts of the CCE"),
        ("java", bool(windows.stores), "hosts with a Java"),
        ("language", name in ROLES, "hosts with Windows"),
        ("calls", name in CARRYING_CALLS, f"hosts of the roles {', '.join(CARRYING_CALLS)}"),
    ):
        if entry.get(key) and not fits:
            raise LabError(f"{where}: {key}: only for {whom}")
    return host


def _check_dependents(where: str, host: SiteHost) -> None:
    known = set() if host.is_node else {service.name for service in host.role_data.services}
    for service, dependent in host.dependents.items():
        if not host.dependents.keys().isdisjoint(dependent):
            raise LabError(f"{where}: dependents: {service}: a dependent cannot have dependents of its own")
        if service not in known:
            raise LabError(
                f"{where}: dependents: {host.role} has no service {service!r}; it has {', '.join(sorted(known))}"
            )


def _web_service(shown: str, entry: Mapping[str, Any]) -> SiteWebService:
    check(f"{shown} ({entry.get('fqdn', 'no fqdn')})", entry, site_keys.WEB_SERVICE_KEYS, ("fqdn",))
    return SiteWebService(entry["fqdn"], entry.get("signed_by", "self"), entry.get("tls", ""))


def _exchanged(shown: str, entry: Mapping[str, Any], hosts: Mapping[str, SiteHost]) -> Exchanged:
    kind = entry.get("is", "current")
    needed = ("importer", "alias") if kind == "foreign" else ("importer", "exporter", "port")
    check(shown, entry, site_keys.EXCHANGED_KEYS, needed)
    for key in ("importer", "exporter"):
        if key in entry and entry[key] not in hosts:
            raise LabError(f"{shown}: {key}: there is no host {entry[key]!r}")
    exporter, port = entry.get("exporter", ""), entry.get("port", "")
    presenting = [key for key in hosts[exporter].port_keys if key not in LOGIN_PORTS] if exporter else []
    if exporter and port not in presenting:
        raise LabError(f"{shown}: port: {exporter} presents nothing on {port!r}; it does on {', '.join(presenting)}")
    importer = hosts[entry["importer"]]
    store = entry.get("store") or (TRUST_UNIT if importer.is_node else ROLES[importer.role].imports_into)
    if store not in _stores_of(importer):
        raise LabError(f"{shown}: store: {importer.fqdn} has no store {store!r}")
    return Exchanged(importer.fqdn, store, entry.get("alias", exporter).lower(), kind, exporter, port)


def _stores_of(host: SiteHost) -> Sequence[str]:
    if host.is_node:
        return host.about.role_data.trust_units
    return (*stores_of(ROLES[host.role], RELEASES[host.release]), *MACHINE_STORES)


def _refuse_twins(shown: str, names: Sequence[str]) -> None:
    for fqdn in names:
        if names.count(fqdn) > 1:
            raise LabError(f"{shown}: hosts: {fqdn} is there twice")


def _username(shown: str, name: str, entry: Any) -> str:
    where = f"{shown}: credentials.{name}"
    if not isinstance(entry, dict):
        raise LabError(f"{where}: a mapping with `username` is expected")
    check(where, entry, site_keys.CREDENTIAL_KEYS, ("username",))
    return str(entry["username"])
