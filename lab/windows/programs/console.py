"""cmd's own commands that touch no files: `echo`, `set`, `exit`, `call`, `ver`, `cmd` and the like."""

from __future__ import annotations

import re

from lab.windows import texts
from lab.windows.invocation import Exit, Invocation

_VERSION = "Microsoft Windows [Version 10.0.17763.1]"  # Server 2019
_CMD_SWITCH = re.compile(r"\s*/(e:on|e:off|f:off|v:off|[a-z])", re.IGNORECASE)


def echo(invocation: Invocation) -> int:
    """Print everything after the first character, trailing blanks too; without arguments, print if echo is on."""
    text = invocation.raw[1:]
    word = text.strip().lower()
    if invocation.raw[:1] in ("", " ", "\t", ",", ";", "="):
        if not word:
            invocation.stdout.line(f"ECHO is {'on' if invocation.session.echo else 'off'}.")
            return 0
        if word in ("on", "off"):
            invocation.session.echo = word == "on"
            return 0
    invocation.stdout.line(text)
    return 0


def set_command(invocation: Invocation) -> int:
    """Run `set`, `set PREFIX`, `set NAME=VALUE`, `set "NAME=VALUE"`; /a and /p are refused."""
    text = invocation.raw.lstrip()
    if text.startswith("/"):
        return invocation.fail(texts.LAB_LACKS.format("SET /A and SET /P"))
    if text.startswith('"'):
        text = text[1:].rpartition('"')[0] or text[1:]
    name, equals, value = text.partition("=")
    environment = invocation.session.environment
    if equals:
        return _assign(invocation, name, value)
    shown = [(kept, environment[kept]) for kept in environment if kept.upper().startswith(name.strip().upper())]
    for kept, content in sorted(shown, key=lambda pair: pair[0].upper()):
        invocation.stdout.line(f"{kept}={content}")
    if not shown and name:
        return invocation.fail(f"Environment variable {name.strip()} not defined")
    return 0


def _assign(invocation: Invocation, name: str, value: str) -> int:
    if not name:
        return invocation.fail(texts.SYNTAX)
    if value:
        invocation.session.environment[name] = value
        return 0
    existed = invocation.session.environment.pop(name, None) is not None
    return 0 if existed else 1


def exit_command(invocation: Invocation) -> int:
    """Run `exit [/b] [CODE]`: end this cmd process, without a code with its ERRORLEVEL."""
    found = re.match(r"\s*(?:/b\b)?\s*([+-]?\d{1,12})?", invocation.raw, re.IGNORECASE)
    code = found.group(1) if found else None
    raise Exit(int(code) if code else invocation.session.errorlevel)


def call(invocation: Invocation) -> int:
    """Run `call COMMAND`: variables are expanded once more, operators mean nothing."""
    text = invocation.raw.strip()
    if text.startswith(":"):
        return invocation.fail("Invalid attempt to call batch label outside of batch script.")
    return invocation.run_line(text, invocation)


def cmd(invocation: Invocation) -> int:
    """Run `cmd [/d] [/s] /c LINE`; a cmd that would wait for lines is refused."""
    rest, strip, autorun = invocation.raw, False, True
    while found := _CMD_SWITCH.match(rest):
        switch, rest = found.group(1).lower(), rest[found.end() :]
        strip = strip or switch == "s"
        autorun = autorun and switch != "d"
        if switch in ("c", "r"):
            return invocation.run_child(rest, invocation, always_strip=strip, autorun=autorun)
        if switch not in ("s", "q", "d", "a", "u", "x", "y") and ":" not in switch:
            break
    return invocation.fail(texts.LAB_LACKS.format("cmd without /c, or with /k or /v:on"))


def ver(invocation: Invocation) -> int:
    """Print an empty line and the version."""
    invocation.stdout.lines(f"\n{_VERSION}\n")
    return 0


def silent(_invocation: Invocation) -> int:
    """Run `title` or `cls`, which print nothing to redirected output."""
    return 0


def chcp(invocation: Invocation) -> int:
    """Run `chcp [PAGE]`: set the console's code page for the programs that run after it."""
    wanted = invocation.raw.strip()
    if wanted:
        if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 5:
            invocation.stderr.line(invocation.words("Invalid code page"))
            return 1
        invocation.session.codepage = int(wanted)
    invocation.stdout.line(invocation.words("Active code page: {}", invocation.session.codepage))
    return 0
