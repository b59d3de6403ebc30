"""Kinds of violations of certificates: the policy, and whose certificate it is."""

from __future__ import annotations

from checks.violation import Kind

_OF = "{subject}"
_REMEDY = "{remedy}"  # depends on the certificate's owner: `fixtures/hosts/remedies.py`

# -- the policy (docs/procedure.md, "What a certificate must be") ------------------------------------------------------

NOT_X509 = Kind("certificate.not-x509", _OF, "certificate", "an X.509 certificate", "other bytes", _REMEDY)
UNREADABLE = Kind(
    "certificate.unreadable",
    _OF,
    "{part}",
    "one that can be read",
    "one that cannot be read: Java treats it as absent",
    _REMEDY,
)
DNS_NAME = Kind("certificate.dns-name", _OF, "DNS name", "{fqdn}", "{names}", _REMEDY)
DNS_WILDCARD = Kind(
    "certificate.dns-wildcard", _OF, "DNS name", "{fqdn}", "{names} (a wildcard that Java accepts)", _REMEDY
)
COMMON_NAME = Kind("certificate.common-name", _OF, "common name", "{fqdn}", "{names}", _REMEDY)
COMMON_WILDCARD = Kind(
    "certificate.common-wildcard", _OF, "common name", "{fqdn}", "{names} (a wildcard that Java accepts)", _REMEDY
)
NO_ALTERNATIVE_NAME = Kind(
    "certificate.no-alternative-name", _OF, "subject alternative name", "dns:{fqdn}", "none", _REMEDY
)
KEY = Kind("certificate.key", _OF, "key", "{wanted}", "{key}", _REMEDY)
SIGNATURE = Kind("certificate.signature", _OF, "signature algorithm", "{wanted}", "{signature}", _REMEDY)
NO_VALIDITY = Kind(
    "certificate.no-validity", _OF, "validity", "a start and an end", "times that cannot be read", _REMEDY
)
NOT_YET_VALID = Kind(
    "certificate.not-yet-valid", _OF, "start of validity", "before now ({now} UTC)", "{start} UTC", _REMEDY
)
EXPIRED = Kind("certificate.expired", _OF, "end of validity", "after now ({now} UTC)", "{end} UTC, expired", _REMEDY)
DAYS_LEFT = Kind("certificate.days-left", _OF, "days left", "{wanted} or more", "{days}", _REMEDY)
TOO_SHORT = Kind("certificate.too-short", _OF, "validity", "{wanted} days", "{days} days", _REMEDY)

WILDCARDS = (DNS_WILDCARD, COMMON_WILDCARD)  # an inventory may accept them

# -- what step 1.1.iii must have made ----------------------------------------------------------------------------------

_AGAIN = "Run steps 1.1.ii and 1.1.iii again."

NO_KEY_PAIR = Kind("renewal.no-key-pair", "{alias}", "entry", "a key pair", "{type}", _AGAIN)
OTHER_SUBJECT = Kind("renewal.other-subject", "{alias}", "subject", "{wanted}", "{subject}", _AGAIN)
OTHER_VALIDITY = Kind("renewal.other-validity", "{alias}", "validity", "{wanted} days", "{days} days", _AGAIN)
TWO_PAIRS = Kind("renewal.two-pairs", "{alias}", "key pair", "the one of {other}", "another", _AGAIN)

# -- whose certificate it is -------------------------------------------------------------------------------------------

CA_SIGNED = Kind(
    "certificate.ca-signed",
    "{alias}",
    "issuer",
    "self-signed, a chain of one",
    "{issuer}, a chain of {length}",
    "This procedure would replace it by a self-signed certificate. If that is intended, set replace_ca_signed: true "
    "for this host in the inventory.",
)
NOT_THE_STORED_ONE = Kind(
    "certificate.not-the-stored-one",
    "{kind} certificate on port {port}",
    "presented = stored",
    "{stored}",
    "{presented}",
    "Restart {service} (step 1.4.iii), or find out who changed the store.",
)
A_STRANGER = Kind(
    "certificate.a-stranger",
    "{kind} certificate on port {port}",
    "presented = stored",
    "{stored}",
    "{presented}",
    "Find out what answers on that port, and who has changed the store; then restart {service}.",
)
NOT_APPROVED = Kind(
    "certificate.not-approved",
    "{kind} certificate",
    "as the approved plan has it",
    "{approved}",
    "{sha256}",
    "Nothing of it is imported. Find out why; if it is right, make a plan again with --plan --observe and have it "
    "approved.",
)
