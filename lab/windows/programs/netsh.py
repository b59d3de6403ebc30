"""The program `netsh`: `netsh http show sslcert`."""

from __future__ import annotations

from lab.contract import SslBinding
from lab.windows.invocation import Invocation
from lab.windows.spoken import Words, padded, width

_TITLE = "SSL Certificate bindings:"
_WRONG = """\
One or more essential parameters were not entered.
Verify the required parameters, and reenter them.
The syntax supplied for this command is not valid. Check help for the correct syntax.

"""
_COLUMNS = 28
_SHOW = ["http", "show", "sslcert"]


def netsh(invocation: Invocation) -> int:
    """Run `netsh http show sslcert [ipport=ADDRESS:PORT]`: everything on stdout."""
    arguments = [argument.lower() for argument in invocation.args]
    if arguments[:3] != _SHOW:
        command = " ".join(invocation.args)
        invocation.stdout.lines(invocation.words("The following command was not found: {}.", command) + "\n")
        return 1
    options = arguments[3:]
    wanted = options[0].removeprefix("ipport=") if options else ""
    if len(options) > 1 or (options and (not options[0].startswith("ipport=") or ":" not in wanted)):
        invocation.stdout.lines(_WRONG)
        return 1
    found = [one for one in invocation.machine.ssl_bindings if wanted in ("", one.ip_port.lower())]
    words = invocation.words
    invocation.stdout.lines(f"\n{words(_TITLE)}\n{'-' * width(words(_TITLE))}\n\n")
    if not found:
        invocation.stdout.lines(f"{words.error(2)}\n\n")  # guess
        return 1
    for binding in found:
        invocation.stdout.lines(_block(words, binding))
    return 0


def _block(words: Words, binding: SslBinding) -> str:
    rows = (
        ("IP:port", binding.ip_port),
        ("Certificate Hash", binding.hash),
        ("Application ID", binding.application_id),
        ("Certificate Store Name", binding.store),
        ("Verify Client Certificate Revocation", "Enabled"),
        ("Verify Revocation Using Cached Client Certificate Only", "Disabled"),
        ("Usage Check", "Enabled"),
        ("Revocation Freshness Time", "0"),
        ("URL Retrieval Timeout", "0"),
        ("Ctl Identifier", "(null)"),
        ("Ctl Store Name", "(null)"),
        ("DS Mapper Usage", "Disabled"),
        ("Negotiate Client Certificate", "Disabled"),
        ("Reject Connections", "Disabled"),
    )
    lines = (f"    {padded(words.label(label), _COLUMNS)} {words.colon} {value}\n" for label, value in rows)
    return "".join(lines) + "\n"
