"""The program `certutil`: `-encode`, `-decode`, `-hashfile`, `-store`, `-addstore`, `-delstore`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from lab.windows import texts
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError
from lab.windows.programs.certificates.certificate_store import store
from lab.windows.programs.certificates.store_changes import addstore, delstore

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_COLUMNS = 64
_HRESULT = 0x80070000  # of a Win32 error
_NOT_FOUND = 0xD0000225  # an unknown algorithm, as an exit code
_UNKNOWN_ALGORITHM = "0xd0000225 (NT: 0xc0000225 STATUS_NOT_FOUND)"
_DONE = "CertUtil: {} command completed successfully."
_ALGORITHMS = {"MD5", "SHA1", "SHA256", "SHA384", "SHA512"}


class _FailedError(Exception):
    """Raised if a step fails; `stage` is the function that certutil names in its message, empty if none."""

    def __init__(self, stage: str, error: WindowsError) -> None:
        super().__init__(stage)
        self.stage = stage
        self.code = error.code


@dataclass(frozen=True)
class _Switches:
    """The switches before the names: overwrite a file, show everything."""

    force: bool
    verbose: bool


def certutil(invocation: Invocation) -> int:
    """Run certutil; return a HRESULT (negative), or 1 for wrong arguments.

    Everything goes to stdout.
    """
    rest = [re.sub(r"^/", "-", argument) for argument in invocation.args]
    options: list[str] = []
    while rest and rest[0].startswith("-"):
        options.append(rest.pop(0).lower())
    verbs = [option for option in options if option in _VERBS]
    unknown = [option for option in options if option not in ("-f", "-v", *verbs[:1])]
    if unknown:
        return _usage(invocation, f"CertUtil: Unknown arg: {unknown[0][1:]}")
    if not verbs:
        return _usage(invocation, "CertUtil: Missing argument")
    return _run(invocation, verbs[0], rest, _Switches("-f" in options, "-v" in options))


def _run(invocation: Invocation, verb: str, names: list[str], switches: _Switches) -> int:
    (least, most), program = _VERBS[verb]
    if len(names) > most:
        invocation.stdout.line(f"Expected no more than {most} args, received {len(names)}")
        return _usage(invocation, "CertUtil: Too many arguments")
    if len(names) < least:
        invocation.stdout.line(f"Expected at least {least} args, received {len(names)}")
        return _usage(invocation, "CertUtil: Missing argument")
    try:
        return program(invocation, verb, names, switches)
    except _FailedError as failed:
        return _failed(invocation, verb, failed)


def _usage(invocation: Invocation, text: str) -> int:
    invocation.stdout.lines(f"{text}\n\nUsage:\n  CertUtil [Options] [-dump] [File]\n")  # guess
    return 1


def _failed(invocation: Invocation, verb: str, failed: _FailedError) -> int:
    code = _HRESULT | failed.code
    words = invocation.words
    text = words.error(failed.code)
    name = texts.WIN32_NAMES.get(failed.code, "")
    number = f"0x{code:08x} (WIN32: {failed.code} {name})"
    if failed.stage:
        invocation.stdout.line(words("{} returned {} {}", failed.stage, text, number))
    invocation.stdout.lines(f"{words('CertUtil: {} command FAILED: {}', verb, number)}\nCertUtil: {text}\n")
    return code


def _store(invocation: Invocation, _verb: str, names: list[str], switches: _Switches) -> int:
    try:
        return store(invocation, names, verbose=switches.verbose, force=switches.force)
    except WindowsError as error:
        raise _FailedError("", error) from error


def _change_store(invocation: Invocation, verb: str, names: list[str], _switches: _Switches) -> int:
    try:
        return (addstore if verb == "-addstore" else delstore)(invocation, *names)
    except WindowsError as error:
        raise _FailedError("", error) from error


def _recode(invocation: Invocation, verb: str, names: list[str], switches: _Switches) -> int:
    source, target = names
    try:
        data = _read(invocation, source)
        coded = _encoded(data) if verb == "-encode" else _decoded(data)
    except WindowsError as error:
        raise _FailedError("DecodeFile", error) from error  # certutil names this function for -encode, too
    try:
        goal = invocation.absolute(target)
        if invocation.drive.exists(goal) and not switches.force:
            raise _FailedError("EncodeToFile", WindowsError(80))
        invocation.stdout.line(invocation.words("Input Length = {}", len(data)))
        invocation.write(goal, coded)
    except WindowsError as error:
        raise _FailedError("EncodeToFile", error) from error
    invocation.stdout.line(invocation.words("Output Length = {}", len(coded)))
    invocation.stdout.line(invocation.words(_DONE, verb))
    return 0


def _read(invocation: Invocation, name: str) -> bytes:
    return invocation.read(invocation.absolute(name))


def _encoded(data: bytes) -> bytes:
    text = base64.b64encode(data).decode()
    lines = [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
    return "".join(f"{line}\r\n" for line in (_BEGIN, *lines, _END)).encode()


def _decoded(data: bytes) -> bytes:
    """Return the bytes of the first PEM block, or of bare base64; raises WindowsError 13."""
    found = re.search(rb"-----BEGIN [^-\r\n]+-----(.*?)-----END", data, re.DOTALL)
    body = b"".join((found.group(1) if found else data).split())
    try:
        plain = base64.b64decode(body, validate=True)
    except binascii.Error:
        plain = b""
    if not plain:
        raise WindowsError(13)
    return plain


def _hash(invocation: Invocation, _verb: str, names: list[str], _switches: _Switches) -> int:
    algorithm = names[1].upper() if len(names) > 1 else "SHA1"
    if algorithm not in _ALGORITHMS:
        invocation.stdout.lines(
            invocation.words("CertUtil: {} command FAILED: {}", "-hashfile", _UNKNOWN_ALGORITHM)
            + "\nCertUtil: The object was not found.\n"
        )
        return _NOT_FOUND
    try:
        data = _read(invocation, names[0])
    except WindowsError as error:
        raise _FailedError("", error) from error
    invocation.stdout.line(invocation.words("{} hash of {}:", algorithm, names[0]))
    invocation.stdout.line(hashlib.new(algorithm.lower(), data).hexdigest())
    invocation.stdout.line(invocation.words(_DONE, "-hashfile"))
    return 0


# The number of names of each verb, and its function.
_VERBS: dict[str, tuple[tuple[int, int], Callable[[Invocation, str, list[str], _Switches], int]]] = {
    "-encode": ((2, 2), _recode),
    "-decode": ((2, 2), _recode),
    "-hashfile": ((1, 2), _hash),
    "-store": ((0, 3), _store),
    "-addstore": ((2, 2), _change_store),
    "-delstore": ((2, 2), _change_store),
}
