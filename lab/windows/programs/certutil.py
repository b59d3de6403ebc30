"""The program `certutil`: `-encode`, `-decode`, `-hashfile`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from lab.windows import texts
from lab.windows.invocation import Invocation
from lab.windows.paths import WindowsError

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_COLUMNS = 64
_HRESULT = 0x80070000  # of a Win32 error
_NOT_FOUND = 0xD0000225  # an unknown algorithm, as an exit code
_ALGORITHMS = {"MD5", "SHA1", "SHA256", "SHA384", "SHA512"}
_VERBS = {"-encode": (2, 2), "-decode": (2, 2), "-hashfile": (1, 2)}


class _FailedError(Exception):
    """A step failed: `stage` is the function that certutil names, if it names one."""

    def __init__(self, stage: str, error: WindowsError) -> None:
        super().__init__(stage)
        self.stage = stage
        self.code = error.code


def certutil(invocation: Invocation) -> int:
    """Everything goes to stdout; the exit code is a HRESULT (negative), or 1 for wrong arguments."""
    rest = [re.sub(r"^/", "-", argument) for argument in invocation.args]
    force = False
    verb = ""
    while rest and rest[0].startswith("-"):
        option = rest.pop(0).lower()
        if option == "-f":
            force = True
        elif option in _VERBS and not verb:
            verb = option
        else:
            return _usage(invocation, f"CertUtil: Unknown arg: {option[1:]}")
    if not verb:
        return _usage(invocation, "CertUtil: Missing argument")
    least, most = _VERBS[verb]
    if len(rest) > most:
        invocation.stdout.line(f"Expected no more than {most} args, received {len(rest)}")
        return _usage(invocation, "CertUtil: Too many arguments")
    if len(rest) < least:
        invocation.stdout.line(f"Expected at least {least} args, received {len(rest)}")
        return _usage(invocation, "CertUtil: Missing argument")
    try:
        return _hash(invocation, rest) if verb == "-hashfile" else _recode(invocation, verb, rest, force=force)
    except _FailedError as failed:
        return _failed(invocation, verb, failed)


def _usage(invocation: Invocation, text: str) -> int:
    invocation.stdout.lines(f"{text}\n\nUsage:\n  CertUtil [Options] [-dump] [File]\n")  # guess
    return 1


def _failed(invocation: Invocation, verb: str, failed: _FailedError) -> int:
    code = _HRESULT | failed.code
    text = texts.SYSTEM.get(failed.code, "")
    name = texts.WIN32_NAMES.get(failed.code, "")
    number = f"0x{code:08x} (WIN32: {failed.code} {name})"
    if failed.stage:
        invocation.stdout.line(f"{failed.stage} returned {text} {number}")
    invocation.stdout.lines(f"CertUtil: {verb} command FAILED: {number}\nCertUtil: {text}\n")
    return code


def _recode(invocation: Invocation, verb: str, names: list[str], *, force: bool) -> int:
    source, target = names
    try:
        data = _read(invocation, source)
        coded = _encoded(data) if verb == "-encode" else _decoded(data)
    except WindowsError as error:
        raise _FailedError("DecodeFile", error) from error  # the same word for -encode
    try:
        goal = invocation.absolute(target)
        if invocation.drive.exists(goal) and not force:
            raise _FailedError("EncodeToFile", WindowsError(80))
        invocation.stdout.line(f"Input Length = {len(data)}")
        invocation.write(goal, coded)
    except WindowsError as error:
        raise _FailedError("EncodeToFile", error) from error
    invocation.stdout.line(f"Output Length = {len(coded)}")
    invocation.stdout.line(f"CertUtil: {verb} command completed successfully.")
    return 0


def _read(invocation: Invocation, name: str) -> bytes:
    return invocation.read(invocation.absolute(name))


def _encoded(data: bytes) -> bytes:
    text = base64.b64encode(data).decode()
    lines = [text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)]
    return "".join(f"{line}\r\n" for line in (_BEGIN, *lines, _END)).encode()


def _decoded(data: bytes) -> bytes:
    """The bytes of the first PEM block, or of bare base64; raises WindowsError 13."""
    found = re.search(rb"-----BEGIN [^-\r\n]+-----(.*?)-----END", data, re.DOTALL)
    body = b"".join((found.group(1) if found else data).split())
    try:
        plain = base64.b64decode(body, validate=True)
    except binascii.Error:
        plain = b""
    if not plain:
        raise WindowsError(13)
    return plain


def _hash(invocation: Invocation, names: list[str]) -> int:
    algorithm = names[1].upper() if len(names) > 1 else "SHA1"
    if algorithm not in _ALGORITHMS:
        invocation.stdout.lines(
            "CertUtil: -hashfile command FAILED: 0xd0000225 (NT: 0xc0000225 STATUS_NOT_FOUND)\n"
            "CertUtil: The object was not found.\n"
        )
        return _NOT_FOUND
    try:
        data = _read(invocation, names[0])
    except WindowsError as error:
        raise _FailedError("", error) from error
    invocation.stdout.line(f"{algorithm} hash of {names[0]}:")
    invocation.stdout.line(hashlib.new(algorithm.lower(), data).hexdigest())
    invocation.stdout.line("CertUtil: -hashfile command completed successfully.")
    return 0
