"""The program `reg`: `reg query`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.contract import Registry, RegistryValue
from lab.windows.invocation import Invocation

_ROOTS = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_NOT_FOUND = "ERROR: The system was unable to find the specified registry key or value."
_DENIED = "ERROR: Access is denied."
_INVALID_KEY = 'ERROR: Invalid key name.\nType "REG QUERY /?" for usage.'
_SYNTAX = 'ERROR: Invalid syntax.\nType "REG {}/?" for usage.'
_VIEWS = {"/reg:32": 32, "/reg:64": 64}


class _RefusedError(Exception):
    """Raised if reg refuses the query; the message goes to stderr."""


@dataclass
class _Query:
    key: str
    view: int = 64
    value: str | None = None  # "" is the default value
    deep: bool = False


def reg(invocation: Invocation) -> int:
    """Run `reg query KEY [/v NAME | /ve] [/s] [/reg:32|/reg:64]`; return 0 or 1."""
    verb, *rest = invocation.args or [""]
    try:
        query = _understood(verb, rest)
        return _deep(invocation, query) if query.deep else _flat(invocation, query)
    except _RefusedError as error:
        invocation.stderr.lines(f"{invocation.words(str(error))}\n")
        return 1
    except PermissionError:
        invocation.stderr.lines(f"{_DENIED}\n")
        return 1


def _understood(verb: str, arguments: list[str]) -> _Query:
    if verb.lower() != "query":
        raise _RefusedError(_SYNTAX.format(""))
    if not arguments:
        raise _RefusedError(_SYNTAX.format("QUERY "))
    query = _Query(_long_name(arguments[0]))
    rest = arguments[1:]
    while rest:
        option = rest.pop(0).lower()
        if option == "/v" and rest and query.value is None:
            query.value = rest.pop(0)
        elif option == "/ve" and query.value is None:
            query.value = ""
        elif option == "/s":
            query.deep = True
        elif option in _VIEWS:
            query.view = _VIEWS[option]
        else:
            raise _RefusedError(_SYNTAX.format("QUERY "))
    return query


def _long_name(key: str) -> str:
    root, slash, rest = key.rstrip("\\").partition("\\")
    long = _ROOTS.get(root.upper(), root.upper())
    if long not in _ROOTS.values():
        raise _RefusedError(_INVALID_KEY)
    return long + slash + rest


def _chosen(values: list[RegistryValue], query: _Query) -> list[RegistryValue]:
    if query.value is None:
        return values
    return [value for value in values if value.name.lower() == query.value.lower()]


def _values(registry: Registry, query: _Query) -> Sequence[RegistryValue]:
    if registry.refuses(query.key):
        raise _RefusedError(_DENIED)
    found = registry.values(query.key, query.view)
    if found is None:
        raise _RefusedError(_NOT_FOUND)
    return found


def _flat(invocation: Invocation, query: _Query) -> int:
    registry = invocation.machine.registry
    found = _values(registry, query)
    values = _chosen(list(found), query)
    if query.value == "" and not values:
        values = [RegistryValue("", "REG_SZ", ("(value not set)",))]  # guess
    if query.value is not None and not values:
        invocation.stdout.lines("\n\n")  # a real host prints two empty lines when only the value is missing
        raise _RefusedError(_NOT_FOUND)
    invocation.stdout.line()
    if values:
        _show(invocation, query.key, values)
    if query.value is None:
        for name in registry.subkeys(query.key, query.view):
            invocation.stdout.line(f"{query.key}\\{name}")
    return 0


def _deep(invocation: Invocation, query: _Query) -> int:
    registry = invocation.machine.registry
    _values(registry, query)
    matches, keys = 0, [query.key]
    while keys:
        key = keys.pop(0)
        values = _chosen(list(registry.values(key, query.view) or ()), query)
        matches += len(values)
        if values:
            invocation.stdout.line()
            _show(invocation, key, values, end="")
        keys[:0] = [f"{key}\\{name}" for name in registry.subkeys(key, query.view)]
    invocation.stdout.line()
    if query.value is not None:
        invocation.stdout.line(f"End of search: {matches} match(es) found.")
        return 0 if matches else 1
    return 0


def _show(invocation: Invocation, key: str, values: list[RegistryValue], end: str = "\n") -> None:
    default = invocation.words("(Default)")
    rows = "".join(f"    {value.name or default}    {value.type}    {_data(value)}\n" for value in values)
    invocation.stdout.lines(f"{key}\n{rows}{end}")


def _data(value: RegistryValue) -> str:
    """Return the data as reg prints it.

    Numbers are hexadecimal; the items of a multi-string are joined by a backslash and a zero.
    """
    if value.type == "REG_DWORD":
        return f"0x{int(value.data[0] if value.data else '0', 0):x}"
    return "\\0".join(value.data)
