"""The keys that a site file may have, and the allowed values of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.errors import LabError
from lab.services.calls import is_calls
from lab.tables.releases import RELEASES
from lab.tls import VERSIONS
from lab.windows.host.java import VERSIONS as JAVAS
from lab.windows.spoken import LANGUAGES

Check = Callable[[Any], bool]
FQDN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
USER = re.compile(r"([A-Za-z0-9_.-]+\\)?[A-Za-z0-9_.-]+")
FOLDER = re.compile(r"C:(\\[^\\/:*?\"<>|%]+)+")
SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
WRITTEN_BY_THE_LAB = ("winrm", "ssh", "address", "ports", "password", "sha256", "ca_file", "truststore_credential")


def _is(kind: type | tuple[type, ...]) -> Check:
    return lambda value: isinstance(value, kind)


def _one_of(*choices: str) -> Check:
    return lambda value: value in choices


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


SITE_KEYS: Mapping[str, Check] = {
    "site": _matches(SITE_NAME),
    "release": lambda value: value in RELEASES,
    "certificate": _is(dict),
    "policy": _is(dict),
    "credentials": _is(dict),
    "role_credentials": _is(dict),
    "restart": _is(dict),
    "accept": _is(list),
    "rows": _is(list),
    "spog": _is(dict),
    "hosts": lambda value: bool(value) and _mappings(value),
    "web_services": _mappings,
    "exchanged": _mappings,
}
CREDENTIAL_KEYS: Mapping[str, Check] = {"username": _matches(USER)}
HOST_KEYS: Mapping[str, Check] = {
    "fqdn": _matches(FQDN),
    "role": _is(str),
    "side": _one_of("A", "B"),
    "node": _one_of("publisher", "subscriber"),
    "principal": _is(bool),
    "cucm_pg": _is(bool),
    "vru_pg": _is(bool),
    "managed": _is(bool),
    "trusts": _is(list),
    "also_trusted_by": _is(list),
    "accept": _is(list),
    "replace_ca_signed": _is(bool),
    "credential": _is(str),
    "dependents": lambda value: isinstance(value, dict) and all(isinstance(names, list) for names in value.values()),
    "openjdk": _is(bool),
    "ecdsa_leaf": _is(bool),
    "tls": _one_of(*VERSIONS),
    "short_names": _is(bool),
    "environment": lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
    "release": lambda value: value in RELEASES,
    "java_options": _one_of("stock", "secure_jmx"),
    "tomcat": _is(bool),
    "icm": _matches(FOLDER),
    "java": lambda value: value in JAVAS,
    "language": _one_of(*LANGUAGES),
    "calls": is_calls,
}
WEB_SERVICE_KEYS: Mapping[str, Check] = {
    "fqdn": _matches(FQDN),
    "port": _is(int),  # the documented port: the lab's is any free one
    "signed_by": _one_of("self", "private_ca"),
    "tls": _one_of(*VERSIONS),
}
EXCHANGED_KEYS: Mapping[str, Check] = {
    "importer": _is(str),
    "store": _is(str),
    "exporter": _is(str),
    "port": _is(str),
    "alias": lambda value: isinstance(value, str) and bool(value),
    "is": _one_of("current", "superseded", "foreign"),
}


def check(shown: str, content: Mapping[str, Any], allowed: Mapping[str, Check], required: Sequence[str]) -> None:
    """Raise LabError for the first key that is unknown, missing or has an invalid value."""
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
