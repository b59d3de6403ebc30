"""Kinds of violations of trusts: an importer and the certificate that an exporter presents."""

from __future__ import annotations

from checks.violation import Kind

_IN = "{store} trust in {exporter}"
_RUN = "Run step {step} for {host}."
_ACCEPT = "(or accept it with --accept-outage)"

# -- verification ------------------------------------------------------------------------------------------------------

NO_ANCHOR = Kind("trust.no-anchor", _IN, "{wanted}", "{sha256}", "{instead}", _RUN)
OTHER_ALIAS = Kind("trust.other-alias", _IN, "alias", "{alias}", "{found}", _RUN)
NO_COMMON_TLS = Kind(
    "trust.no-common-tls",
    _IN,
    "TLS",
    "a version that both speak",
    "{tls} alone: Java {java} of {host} cannot reach it",
    "Let {exporter} speak TLS 1.2 as well, or give {host} a Java that speaks {tls}.",
)
_FROM_THERE = "certificate that {server} presents to {host}"
SEES_UNTRUSTED = Kind(
    "trust.sees-untrusted",
    _IN,
    _FROM_THERE,
    "one that the store trusts",
    "{sha256}, its {kind} certificate",
    "{remedy}",
)
SEES_ANOTHER = Kind(
    "trust.sees-another",
    _IN,
    _FROM_THERE,
    "{sha256}",
    "{found} ({subject})",
    "A proxy answers in between, or the name resolves to another server there: check nslookup and proxies on {host}.",
)

STORE_IS_NEW = Kind(
    "trust.store-is-new",
    "{store}",
    "certificates of other servers",
    "{number}: {aliases}",
    "none of them: the store is new (an update of Java writes another one), or nothing was ever imported",
    "Bring them there again: pytest runbook -k import, with a --change.",
)
FOUND_NOT_APPROVED = Kind(
    "trust.found-not-approved",
    "{store} alias {alias}",
    "trust found on this site, in {exporter} ({kind})",
    "one that the approved plan lists",
    "that it does not",
    "Make the plan again with --plan --observe and have it approved.",
)

ELSEWHERE_NOT_APPROVED = Kind(
    "trust.elsewhere-not-approved",
    "{store}",
    "certificate of {exporter} found on this site ({kind})",
    "one that the approved plan lists",
    "that it does not",
    "Make the plan again with --plan --observe and have it approved.",
)
FOUND_NOT_LIVE = Kind(
    "trust.found-not-live",
    "{store} alias {alias}",
    "new certificate of {exporter}",
    "{sha256} in the live store",
    "that it is not there",
    "Run step x1.5.activate again.",
)

NOT_IN_MACHINE_STORE = Kind(
    "trust.not-in-machine-store",
    "{store}",
    "new certificate of {exporter} ({kind})",
    "{sha256} beside the old one",
    "that it is not there",
    "Run step x1.6 again.",
)
BEHIND = Kind(
    "trust.behind",
    "{store}",
    "certificate of {exporter}",
    "one that it presents: {sha256}",
    "an older one alone: {found}",
    "{remedy}",
)

# -- activation would end a trust that works ---------------------------------------------------------------------------

_CERTIFICATE = "{kind} certificate"
_WORKS = "trust of {importer}, which works now"

WOULD_END = Kind(
    "trust.would-end",
    _CERTIFICATE,
    _WORKS,
    "{importer} to run with the new certificate already",
    "that activating this host would end it",
    f"Run step {{step}} and the activation of {{importer}} first {_ACCEPT}.",
)
NOT_IN_THIS_RUN = Kind(
    "trust.not-in-this-run",
    _CERTIFICATE,
    "trust of {importer}",
    "step {step} in the same run: it brings the new certificate ({purpose})",
    "that this run does not have that step",
    "Run step {step} with this one, or import it by hand in the same window and use --accept-outage. For a VVB that "
    "uses neither channel, set trusts: [] in the inventory.",
)
NOT_IN_THE_PLAN = Kind(
    "trust.not-in-the-plan",
    _CERTIFICATE,
    _WORKS,
    "one that the plan names as not working until step {step}",
    "that it does not",
    f"Make the plan again with --plan --observe and have it approved {_ACCEPT}.",
)

# -- rollback would end a trust that works -----------------------------------------------------------------------------

_READY = "the certificate from before in its store, and its service running with it"
_GIVE_BACK_FIRST = f"Run step r.2 for {{importer}} first {_ACCEPT}."

NOT_GIVEN_BACK = Kind("trust.not-given-back", _CERTIFICATE, "trust of {importer}", _READY, "none", _GIVE_BACK_FIRST)
NOT_LOADED = Kind(
    "trust.not-loaded",
    _CERTIFICATE,
    "trust of {importer}",
    _READY,
    "a service that has not loaded it",
    _GIVE_BACK_FIRST,
)
NOT_GIVEN_BACK_IN_THIS_RUN = Kind(
    "trust.not-given-back-in-this-run",
    _CERTIFICATE,
    "trust of {importer}",
    "step r.3.vvb in the same run: it brings the certificate from before ({purpose})",
    "that this run does not have that step",
    f"Run step r.3.vvb for {{importer}} with this one {_ACCEPT}.",
)
EXPORTER_NOT_ROLLED_BACK = Kind(
    "trust.exporter-not-rolled-back",
    "trust in {exporter} ({kind}), which works now",
    "certificate presented",
    "the one from before",
    "{sha256}",
    f"Run step r.3 for {{exporter}} first {_ACCEPT}.",
)
STILL_PRESENTED = Kind(
    "trust.still-presented",
    "{store}",
    "certificate of {exporter} from this change",
    "one that it presents no longer",
    "that it presents {sha256}",
    "Run step r.3 for {exporter} first.",
)
ADDED_STILL_THERE = Kind(
    "trust.added-still-there",
    "{store}",
    "certificate that this change has added",
    "that it was taken out",
    "{sha256}",
    "Run it again.",
)
LOST = Kind("trust.lost", "{alias}", "trust in the certificate from before", "{sha256}", "none", "Run it again.")
_IN_KIND = "trust in {exporter} ({kind})"
_AS_BEFORE = "verdict from before"
WORKED_BEFORE = Kind("trust.worked-before", _IN_KIND, _AS_BEFORE, "works", "does not work", "{remedy}")
WORKS_SINCE = Kind("trust.works-since", _IN_KIND, _AS_BEFORE, "does not work", "works", "{remedy}")

# -- a VVB's trust list ------------------------------------------------------------------------------------------------

ONE_NAME_TWICE = Kind(
    "trust.one-name-twice",
    "{list} {exporter}",
    "VXML and CallServer certificate",
    "the same one: a node keeps one certificate per name",
    "two",
    "Run steps 1.1.ii and 1.1.iii for {exporter}: they make one key pair for both.",
)
TOO_EARLY = Kind(
    "trust.too-early",
    _IN_KIND,
    "certificate presented",
    "{sha256}",
    "another: the new one is staged, and this run does not activate it",
    "Run step 1.4.iii for {exporter} with this one.",
)
NOT_LISTED = Kind("trust.not-listed", "{list} {exporter}", "certificate", "{sha256}", "{found}", "Run step x2.4 again.")
ENTRY_NOT_TAKEN_BACK = Kind(
    "trust.entry-not-taken-back", "entry {entry}", "trust", "the one from before", "this change's", "Run it again."
)
ENTRY_NOT_BROUGHT_BACK = Kind(
    "trust.entry-not-brought-back", "trust in {exporter}", "trust", "the one from before", "none", "Run it again."
)
