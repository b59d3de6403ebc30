"""The programs `keytool` and `java`: the real keytool, with Windows paths translated and made to look like Java 8's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from lab.windows.environment import Environment
from lab.windows.invocation import Invocation
from lab.windows.java import JavaTools, KeytoolCall
from lab.windows.paths import WindowsError, basename, join
from lab.windows.programs.certificates.printcert import presented, server_of
from lab.windows.spoken import LANGUAGES


def _options(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PATHS = _options("-keystore -file -infile -outfile -srckeystore -destkeystore -providerpath -conf")
_SECRETS = _options("-storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass -new")
_CREATE = _options("-genkeypair -genkey -genseckey -import -importcert -importpass -importpassword")
_GENERATE = frozenset({"-genkeypair", "-genkey"})
_WRITE = _CREATE | _options("-delete -changealias -storepasswd -keypasswd -keyclone -selfcert")
_NO_CACERTS = "Illegal option:  -cacerts\n"  # new in Java 9
# Lines that Java 8 does not print: the first of an import, and what is generated (there only with -v).
_IMPORTING = re.compile(r"^(Importing keystore .+\.\.\.)\r?\n", re.MULTILINE)
_GENERATING = re.compile(r"^Generating .+ key pair and self-signed certificate .+\r?\n\tfor: .+\r?\n", re.MULTILINE)
_OPENJDK = """\
openjdk version "{version}"
OpenJDK Runtime Environment (build {version})
OpenJDK 64-Bit Server VM (build {version}, mixed mode, sharing)
"""
_MISSING = re.compile(r"(FileNotFoundException: (.+) )\((No such file or directory|Permission denied|Is a directory)\)")
_WINDOWS_REASONS = {"Permission denied": 5, "Is a directory": 5}  # Win32 errors


@dataclass
class _Mapped:
    """Arguments for this system, and the text that replaces each of its paths in the output."""

    arguments: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # path of this system -> as typed
    options: dict[str, str] = field(default_factory=dict)  # option, lower case -> its mapped value


def java(tools: JavaTools) -> Callable[[Invocation], int]:
    """Return the program `java`, which only prints its version."""

    def run(invocation: Invocation) -> int:
        if invocation.args != ["-version"]:
            last = (invocation.args or [""])[-1]
            invocation.stderr.line(f"Error: Could not find or load main class {last}")
            return 1
        build = tools.version.rpartition("_")[2]
        if not tools.as_8:
            invocation.stderr.lines(_OPENJDK.format(version=tools.version))
            return 0
        invocation.stderr.lines(
            f'java version "{tools.version}"\n'
            f"Java(TM) SE Runtime Environment (build {tools.version}-b11)\n"
            f"Java HotSpot(TM) Client VM (build 25.{build}-b11, mixed mode, sharing)\n"
        )
        return 0

    return run


def keytool(tools: JavaTools) -> Callable[[Invocation], int]:
    """Return the program `keytool`, which runs the keytool of `tools`."""

    def run(invocation: Invocation) -> int:
        arguments = invocation.args
        lowered = {argument.lower() for argument in arguments}
        if tools.as_8 and "-cacerts" in lowered:
            invocation.stderr.lines(_NO_CACERTS)
            return 1
        mapped = _mapped(invocation, arguments)
        home = invocation.drive.locate(join("C:\\Users", _user(invocation)))
        store = _written(mapped, lowered, home)
        mapped.arguments += _habits(mapped, lowered, store) if tools.as_8 else []
        finished = tools.run(
            KeytoolCall(
                arguments=(f"-J-Duser.home={home}", *_spoken(invocation.machine.language), *mapped.arguments),
                environment=_environment(invocation, arguments),
                directory=invocation.drive.locate(invocation.cwd),
                store=store,
                stdin=invocation.stdin,
                cancelled=invocation.session.cancelled,
            ),
            partial(presented, server_of(arguments), invocation.machine.reach) if "-sslserver" in lowered else None,
        )
        unknown = (_IMPORTING, *(() if "-v" in lowered else (_GENERATING,))) if tools.as_8 else ()
        invocation.stdout.lines(_windows_text(invocation, mapped, finished.stdout, unknown))
        invocation.stderr.lines(_windows_text(invocation, mapped, finished.stderr, unknown))
        return finished.code

    return run


def _spoken(language: str) -> tuple[str, str]:
    """Return the options for the system's language.

    They apply unless the caller chooses another one: a later option of that name wins.
    """
    name, _, country = LANGUAGES[language].locale.partition("-")
    return f"-J-Duser.language={name}", f"-J-Duser.country={country}"


def _user(invocation: Invocation) -> str:
    """Return the name of the account's profile folder."""
    return basename(invocation.session.shell.user.partition("@")[0]).strip(" .") or "Default"


def _mapped(invocation: Invocation, arguments: Sequence[str]) -> _Mapped:
    mapped = _Mapped()
    option = ""
    for argument in arguments:
        name, _, modifier = option.partition(":")
        is_path = option in _PATHS or (name in _SECRETS and modifier == "file")
        value = argument
        if is_path and argument.upper() != "NONE":
            value = str(_place(invocation, argument))
            mapped.names[value] = argument
        mapped.options[option] = value
        mapped.arguments.append(value)
        option = argument.lower() if argument.startswith("-") and not is_path and name not in _SECRETS else ""
    mapped.options.pop("", None)
    if option:
        mapped.options.setdefault(option, "")
    return mapped


def _place(invocation: Invocation, argument: str) -> Path:
    """Return the path below the drive; one that cannot be there becomes a path that does not exist."""
    try:
        return invocation.drive.locate(invocation.absolute(argument))
    except WindowsError:
        return invocation.drive.root / ":no such path:" / "x"


def _written(mapped: _Mapped, lowered: set[str], home: Path) -> Path | None:
    """Return the store that the command may write: Java's default is a file in the user's home."""
    option = "-destkeystore" if "-importkeystore" in lowered else "-keystore"
    if not lowered & (_WRITE | {"-importkeystore"}):
        return None
    return Path(mapped.options.get(option, str(home / ".keystore")))


def _habits(mapped: _Mapped, lowered: set[str], store: Path | None) -> list[str]:
    """Return the options for Java 8's defaults: a new store is a JKS, an RSA key signs with SHA-256."""
    added: list[str] = []
    type_option = "-deststoretype" if "-importkeystore" in lowered else "-storetype"
    makes_one = bool(lowered & (_CREATE | {"-importkeystore"}))
    if makes_one and store is not None and not store.exists() and type_option not in lowered:
        added += [type_option, "JKS"]
    if lowered & _GENERATE and mapped.options.get("-keyalg", "").upper() == "RSA":
        added += [] if "-keysize" in lowered else ["-keysize", "2048"]
        added += [] if "-sigalg" in lowered else ["-sigalg", "SHA256withRSA"]
    return added


def _environment(invocation: Invocation, arguments: Sequence[str]) -> dict[str, str]:
    """Return the shell's variables; those named in `:env` options have the name in the requested case."""
    kept = Environment(invocation.session.environment)
    chosen = {name: value for name, value in kept.items() if _is_passable(name, value)}
    for option, name in pairwise(arguments):
        if option.lower().endswith(":env") and name in kept and _is_passable(name, kept[name]):
            chosen[name] = kept[name]
    return chosen


def _is_passable(name: str, value: str) -> bool:
    """True if an environment can hold the variable and this system's loader does not read it."""
    return bool(name) and "=" not in name and "\0" not in name + value and not name.upper().startswith(("LD_", "DYLD_"))


def _windows_text(invocation: Invocation, mapped: _Mapped, output: bytes, unknown: Sequence[re.Pattern[str]]) -> str:
    """Return keytool's output with Windows paths; `unknown` are lines that the host's version does not print."""
    text = output.decode("utf-8", "replace")
    for line in unknown:
        text = line.sub("", text)
    text = _MISSING.sub(lambda found: _reason(invocation, found), text)
    for place, typed in sorted(mapped.names.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(place, typed)
    root = re.escape(str(invocation.drive.root))
    return re.sub(rf"{root}((?:/[^\s\"<>:]+)*)", lambda found: "C:" + (found.group(1).replace("/", "\\") or "\\"), text)


def _reason(invocation: Invocation, found: re.Match[str]) -> str:
    """Return Windows' own words, also where Java speaks English; without their full stop."""
    place, reason = Path(found.group(2)), found.group(3)
    code = _WINDOWS_REASONS.get(reason) or (2 if place.parent.is_dir() else 3)
    return f"{found.group(1)}({invocation.words.error(code).removesuffix('.')})"
