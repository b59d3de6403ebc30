"""Site files: the inventory's shape without what only a running lab knows (addresses, ports, pins, secrets)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError
from lab.roles import NOT_YET_SERVED, RELEASES, ROLES

BUILT_IN = ("minimal", "reference")
FQDN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
USER = re.compile(r"([A-Za-z0-9_.-]+\\)?[A-Za-z0-9_.-]+")
SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
WRITTEN_BY_THE_LAB = ("winrm", "ssh", "address", "ports", "password")


@dataclass(frozen=True)
class SiteHost:
    """A host of a site file. `entry` is what the inventory says of it as well."""

    fqdn: str
    role: str
    entry: Mapping[str, Any]
    dependents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def hostname(self) -> str:
        """The bare name."""
        return self.fqdn.partition(".")[0]

    @property
    def domain(self) -> str:
        """The DNS domain."""
        return self.fqdn.partition(".")[2]


@dataclass(frozen=True)
class Site:
    """A site file that has been checked."""

    name: str
    release: str
    hosts: tuple[SiteHost, ...]
    usernames: Mapping[str, str]  # credential -> user name
    role_credentials: Mapping[str, str]
    passed_on: Mapping[str, Any]  # keys that the inventory repeats as they are
    left_out: tuple[SiteHost, ...] = ()
    left_out_services: tuple[str, ...] = ()

    def credential(self, host: SiteHost) -> str:
        """The name of the credential that logs in to this host."""
        chosen = host.entry.get("credential") or self.role_credentials.get(host.role)
        return str(chosen or ROLES[host.role].credential)


Check = Callable[[Any], bool]


def _is(kind: type | tuple[type, ...]) -> Check:
    return lambda value: isinstance(value, kind)


def _one_of(*choices: str) -> Check:
    return lambda value: value in choices


def _mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


SITE_KEYS: Mapping[str, Check] = {
    "site": lambda value: isinstance(value, str) and SITE_NAME.fullmatch(value) is not None,
    "release": lambda value: value in RELEASES,
    "certificate": _is(dict),
    "policy": _is(dict),
    "credentials": _is(dict),
    "role_credentials": _is(dict),
    "restart": _is(dict),
    "accept": _is(list),
    "hosts": lambda value: bool(value) and _mappings(value),
    "web_services": _mappings,
    "unserved_roles": _one_of("refuse", "leave_out"),
}
REQUIRED = ("site", "release", "certificate", "credentials", "hosts")
PASSED_ON = ("certificate", "policy", "restart", "accept")
HOST_KEYS: Mapping[str, Check] = {
    "fqdn": lambda value: isinstance(value, str) and FQDN.fullmatch(value) is not None,
    "role": _is(str),
    "side": _one_of("A", "B"),
    "node": _one_of("publisher", "subscriber"),
    "principal": _is(bool),
    "cucm_pg": _is(bool),
    "managed": _is(bool),
    "trusts": _is(list),
    "also_trusted_by": _is(list),
    "replace_ca_signed": _is(bool),
    "credential": _is(str),
    "dependents": lambda value: isinstance(value, dict) and all(isinstance(names, list) for names in value.values()),
}
KEPT_FROM_THE_INVENTORY = ("dependents",)


def load(name_or_file: str) -> Site:
    """The site of this built-in name or file. Raises LabError, which names the file and the key at fault."""
    source = files(__package__) / "sites" / f"{name_or_file}.yaml" if name_or_file in BUILT_IN else Path(name_or_file)
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
    _check(shown, content, SITE_KEYS, REQUIRED)
    leave_out = content.get("unserved_roles") == "leave_out"
    hosts = [
        _host(f"{shown}: hosts[{number}]", entry, leave_out=leave_out) for number, entry in enumerate(content["hosts"])
    ]
    served = tuple(host for host in hosts if host.role in ROLES)
    if not served:
        raise LabError(f"{shown}: hosts: no host has a role that the lab serves ({', '.join(ROLES)})")
    _refuse_twins(shown, hosts)
    site = Site(
        name=content["site"],
        release=content["release"],
        hosts=served,
        usernames={name: _username(shown, name, entry) for name, entry in content["credentials"].items()},
        role_credentials=content.get("role_credentials", {}),
        passed_on={key: content[key] for key in PASSED_ON if key in content},
        left_out=tuple(host for host in hosts if host.role not in ROLES),
        left_out_services=tuple(str(entry.get("fqdn")) for entry in content.get("web_services", [])),
    )
    for host in served:
        if site.credential(host) not in site.usernames:
            raise LabError(f"{shown}: credentials: {site.credential(host)!r} is missing, {host.fqdn} logs in with it")
    return site


def _check(shown: str, content: Mapping[str, Any], allowed: Mapping[str, Check], required: tuple[str, ...]) -> None:
    for key, value in content.items():
        if key in WRITTEN_BY_THE_LAB:
            raise LabError(f"{shown}: {key}: not in a site file; the lab writes it into the inventory")
        if key not in allowed:
            raise LabError(f"{shown}: {key}: unknown key; known: {', '.join(allowed)}")
        if not allowed[key](value):
            raise LabError(f"{shown}: {key}: cannot be {value!r}")
    for key in required:
        if key not in content:
            raise LabError(f"{shown}: {key}: missing")


def _host(shown: str, entry: Mapping[str, Any], *, leave_out: bool) -> SiteHost:
    where = f"{shown} ({entry.get('fqdn', 'no fqdn')})"
    _check(where, entry, HOST_KEYS, ("fqdn", "role"))
    role = entry["role"]
    if role not in ROLES and role not in NOT_YET_SERVED:
        raise LabError(f"{where}: role: there is no role {role!r}; known: {', '.join([*ROLES, *NOT_YET_SERVED])}")
    if role not in ROLES and not leave_out:
        raise LabError(f"{where}: role: the lab cannot serve {role!r} yet; it serves {', '.join(ROLES)}")
    dependents = {name: tuple(map(str, names)) for name, names in entry.get("dependents", {}).items()}
    known = {service.name for service in ROLES[role].services} if role in ROLES else set(dependents)
    for name, dependent in dependents.items():
        if not dependents.keys().isdisjoint(dependent):
            raise LabError(f"{where}: dependents: {name}: a dependent cannot have dependents of its own")
        if name not in known:
            raise LabError(f"{where}: dependents: {role} has no service {name!r}; it has {', '.join(sorted(known))}")
    passed_on = {key: value for key, value in entry.items() if key not in KEPT_FROM_THE_INVENTORY}
    return SiteHost(entry["fqdn"], role, passed_on, dependents)


def _refuse_twins(shown: str, hosts: list[SiteHost]) -> None:
    seen: set[str] = set()
    for host in hosts:
        if host.fqdn in seen:
            raise LabError(f"{shown}: hosts: {host.fqdn} stands there twice")
        seen.add(host.fqdn)


def _username(shown: str, name: str, entry: Any) -> str:
    where = f"{shown}: credentials.{name}"
    if not isinstance(entry, dict):
        raise LabError(f"{where}: a mapping with `username` is expected")
    _check(
        where,
        entry,
        {"username": lambda value: isinstance(value, str) and USER.fullmatch(value) is not None},
        ("username",),
    )
    return str(entry["username"])
