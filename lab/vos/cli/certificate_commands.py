"""`show cert ...` and `set cert ...`."""

from __future__ import annotations

from lab.certificates import fingerprint
from lab.tables.vos_roles import TOMCAT, TRUST_UNIT, CertificateCommands
from lab.vos import dump
from lab.vos.certificates import der_of, description_of, read
from lab.vos.cli.call import Call, Command, Failed
from lab.vos.node import Node
from lab.vos.trust import Added

PASTE = "\nPaste the Certificate and Hit Enter\n"
IMPORTED = (
    "\nSuccessfully imported certificate for {unit}.\n"
    "Please restart services related to {unit} for the new certificate to\n"
    "become active.\n"
)
REGENERATE = (
    "\nWARNING: This operation will overwrite any CA signed certificate previously imported for  {unit}\n"
    "\nProceed with regeneration (yes|no)? "
)
REGENERATED = (
    "\nSuccessfully Regenerated Certificate for {unit}.\n"
    "\nYou must restart services related to {unit} for the regenerated certificates to become active.\n"
)
DELETED = "\nSuccessfully deleted certificate {name} from {unit}.\n"
NOT_FOUND = "Certificate {name} does not exist"
NO_SUCH_TYPE = "Invalid certificate type"
NO_CSR = "CSR does not exist"
# A real node reports success even if it keeps its own, newer certificate.
SAID_TO_BE_IMPORTED = (Added.STORED, Added.REPLACED, Added.KEPT_NEWER)
REFUSALS = {
    Added.ALREADY_THERE: "Certificate already exists in the trust-store",
    Added.EXPIRED: "Certificate has expired",
    Added.UNREADABLE: "Error while reading the certificate: certificate is not in PEM format",
    Added.TOO_LONG: "Invalid certificate file: key size is not supported",
    Added.WILDCARD: "Invalid certificate file: wildcard certificates are not supported",
}
END = "-----END CERTIFICATE-----"
LONGEST_PASTE = 400  # lines


async def list_own(call: Call) -> None:
    """Show a line for each identity: `tomcat/tomcat.pem: description`."""
    rows = [(purpose, call.node.own(purpose).chain[0]) for purpose in call.node.own_purposes()]
    await call.show("\n" + "\n".join(f"{name}/{name}.pem: {description_of(read(der))}" for name, der in rows))


async def list_trust(call: Call) -> None:
    """Show a line for each trusted certificate of every list: `tomcat-trust/NAME.pem: description`."""
    every = ((unit, one) for unit, trust in call.node.trusts.items() for one in trust.list())
    await call.show("\n" + "\n".join(f"{unit}/{one.name}: {one.description}" for unit, one in every))


async def show_own(call: Call) -> None:
    """Show an identity as text, with its PEM."""
    name = call.arguments[0]
    purpose = name.partition("/")[0]
    if name not in (purpose, f"{purpose}/{purpose}.pem") or purpose not in call.node.own_purposes():
        raise Failed(NOT_FOUND.format(name=name))
    der = call.node.own(purpose).chain[0]
    await call.show("\n" + dump.own_text(der, call.node.about.release_data.dump))


async def show_trust(call: Call) -> None:
    """Show a trusted certificate as text, without a PEM."""
    name = call.arguments[0]
    unit = name.rpartition("/")[0] or TRUST_UNIT
    entry = call.node.trusts[unit].find(name) if unit in call.node.trusts else None
    if entry is None:
        raise Failed(NOT_FOUND.format(name=name))
    await call.show("\n" + dump.text(entry.der, call.node.about.release_data.dump))


async def import_trust(call: Call) -> None:
    """Add a pasted certificate to tomcat-trust."""
    unit = call.arguments[0]
    if unit not in (TOMCAT, TRUST_UNIT):
        raise Failed(NO_SUCH_TYPE)
    pasted = await _pasted(call)
    await call.wait()
    added = call.node.trust.add(pasted, "Trust Certificate")
    call.changed = added in (Added.STORED, Added.REPLACED)
    call.notes.append(f"{added.name}{_named(pasted, added)}")
    if added not in SAID_TO_BE_IMPORTED:
        raise Failed(REFUSALS[added])
    call.say(IMPORTED.format(unit=unit))


async def import_own(call: Call) -> None:
    """Refuse a certificate for an identity: the lab's nodes never have a CSR."""
    if call.arguments[0] not in call.node.own_purposes():
        raise Failed(NO_SUCH_TYPE)
    await _pasted(call)
    raise Failed(NO_CSR)


async def delete(call: Call) -> None:
    """Delete a certificate from tomcat-trust; a CUCM does so on every node of its cluster."""
    unit, name = call.arguments
    if unit not in (TOMCAT, TRUST_UNIT):
        raise Failed(NO_SUCH_TYPE)
    nodes = call.node.cluster if call.node.role == "cucm" else [call.node]
    if not call.node.trust.delete(name):
        raise Failed(NOT_FOUND.format(name=name))
    for node in nodes:
        node.trust.delete(name)
    call.changed = True
    call.say(DELETED.format(name=name.rpartition("/")[2], unit=TRUST_UNIT))


async def regenerate(call: Call) -> None:
    """Make a new self-signed certificate."""
    unit = call.arguments[0]
    if unit not in call.node.own_purposes():
        raise Failed(NO_SUCH_TYPE)
    if not await call.agreed(REGENERATE.format(unit=unit)):
        return
    await call.wait()
    await call.node.regenerate(unit)
    call.changed = True
    call.node.remember(f"Regenerate {unit}")
    call.say(REGENERATED.format(unit=unit))


async def _pasted(call: Call) -> bytes:
    """Return the pasted lines up to the end of the certificate; text pasted too early is lost."""
    call.say(PASTE)
    await call.terminal.forget_typed(call.node.pace.paste)
    lines: list[str] = []
    while len(lines) < LONGEST_PASTE:
        line = await call.terminal.line()
        if line.strip():
            lines.append(line.strip())
        elif lines and not lines[0].startswith("-----BEGIN"):
            break  # no certificate, so there will be no END line
        if line.strip().endswith(END):
            break
    return "\n".join(lines).encode("ascii") + b"\n"


def _named(pasted: bytes, added: Added) -> str:
    return "" if added is Added.UNREADABLE else f" sha256 {fingerprint(der_of(read(pasted)))}"


def with_certificates(node: Node) -> bool:
    """True if the node's command line handles certificates at all."""
    return node.certificate_commands is not CertificateCommands.NONE


def with_delete(node: Node) -> bool:
    """True if the node's command line deletes certificates as well."""
    return node.certificate_commands is CertificateCommands.ALL


COMMANDS = (
    Command("show cert list own", list_own, on=with_certificates),
    Command("show cert list trust", list_trust, on=with_certificates),
    Command("show cert own", show_own, 1, 1, on=with_certificates),
    Command("show cert trust", show_trust, 1, 1, on=with_certificates),
    Command("set cert import trust", import_trust, 1, 1, on=with_certificates),
    Command("set cert import own", import_own, 1, 1, on=with_certificates),
    Command("set cert regen", regenerate, 1, 1, on=with_certificates),
    Command("set cert delete", delete, 2, 2, on=with_delete),
)
