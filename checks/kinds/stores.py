"""Kinds of violations of keystores and trust stores, and of the copies that a change makes of them."""

from __future__ import annotations

from checks.violation import Kind

_ALIAS = "{store} alias {alias}"
_REMEDY = "{remedy}"

# -- before anything is changed (step 0.3) -----------------------------------------------------------------------------

UNUSABLE = Kind("store.unusable", "{path}", "store", "a {type} store", "{found}", _REMEDY)
READ_ONLY = Kind(
    "store.read-only",
    "{path}",
    "attributes",
    "a file that can be replaced",
    "read-only (R)",
    'attrib -R "{path}"; find out first who has set it, and whether it is intended.',
)
_VARIABLE = "Correct the variable that names it (CCE_JAVA_HOME, JAVA_HOME, CVP_HOME), or paths: in the inventory"
_KEYTOOL = r"{home}\bin\keytool.exe"
NO_JAVA_HOME = Kind("store.no-java-home", "keytool", "program", _KEYTOOL, "no folder {home}", f"{_VARIABLE}.")
NO_KEYTOOL = Kind("store.no-keytool", "keytool", "program", _KEYTOOL, "no such file", f"{_VARIABLE}.")
JDK = Kind(
    "store.jdk",
    "Java home",
    "trust store",
    "{path}",
    r"no such file: {home} is a JDK, its own JRE is {home}\jre",
    rf"{_VARIABLE}: {{home}}\jre.",
)
ANOTHER_IS_READ = Kind(
    "store.another-is-read",
    "{service}",
    "trust store it reads",
    "{path}",
    "{other}",
    "Find out which store is right: see its Java options (Procrun), or the store that its JVM reads without an option.",
)
ANOTHER_IS_LAUNCHED_WITH = Kind(
    "store.another-is-launched-with",
    "Call Studio",
    "trust store it reads",
    "{path}",
    "{other}",
    "Set paths: {{java_home: ...}} for it, or correct {launcher}.",
)
UNSPEAKABLE_ALIAS = Kind(
    "store.unspeakable-alias",
    _ALIAS,
    "alias",
    "one that a command line can name",
    "{why}",
    "Rename or delete that entry by hand, with a tool that needs no command line; then run the step again.",
)

# -- the staged copy ---------------------------------------------------------------------------------------------------

_STAGE_AGAIN = "Run the steps that stage it again (1.1.pre.2 to 1.4.ii). The live store was not touched."
_TAKE_BACK = "take the staged copy back (pytest runbook/rollback with this change)"

NOT_COPIED = Kind("store.not-copied", "{store}", "{part}", "there", "missing", "Run step 1.1.pre.2 again.")
BROKEN_COPY = Kind("store.broken-copy", "{path}", "staged copy", "a store that opens", "a broken file", _STAGE_AGAIN)
NO_OWN_ENTRY = Kind(
    "store.no-own-entry", "{alias}", "entry in the staged copy", "PrivateKeyEntry", "{type}", _STAGE_AGAIN
)
CHANGED_SINCE = Kind(
    "store.changed-since",
    "{store}",
    "live store",
    "the one that was copied",
    "another: somebody has changed it since",
    f"Find out who; then {_TAKE_BACK} and run the change again. Nothing was changed here.",
)
NOT_APPROVED = Kind(
    "store.not-approved",
    _ALIAS,
    "trusted by the staged copy",
    "what the approved plan has seen",
    "{sha256}",
    f"T{_TAKE_BACK[1:]}, then run the change again.",
)
NOT_ACTIVATED = Kind(
    "store.not-activated",
    "{store}",
    "staged copy",
    "nothing that has not been activated",
    "{aliases}",
    "Run step {step} for it, or take the staged copy back (step r.1), then run x5.1 again.",
)
STILL_STAGED = Kind(
    "store.still-staged", "{store}", "staged copy", "moved over the live store", "still there", "Run step {step} again."
)

# -- its entries -------------------------------------------------------------------------------------------------------

CHANGED = Kind(
    "store.changed",
    _ALIAS,
    "entry",
    "{before}",
    "{after}",
    "The live store was not touched: remove the staged copy in the change's folder and run the step again.",
)
NOT_IMPORTED = Kind("store.not-imported", _ALIAS, "trusted certificate", "{sha256}", "no entry", _REMEDY)
NOT_TRUSTED = Kind("store.not-trusted", _ALIAS, "type of entry", "trustedCertEntry", "{type}", _REMEDY)
ANOTHER = Kind("store.another", _ALIAS, "SHA-256", "{sha256}", "{found}", _REMEDY)
HOLDS_A_KEY = Kind(
    "store.holds-a-key",
    _ALIAS,
    "type of entry",
    "trustedCertEntry",
    "{type}",
    "Rename that entry: an import would replace a private key.",
)
STILL_SUPERSEDED = Kind(
    "store.still-superseded", _ALIAS, "superseded entry", "none", "still there", "Run step x5.1 again."
)
SUPERSEDED = Kind(
    "store.superseded",
    _ALIAS,
    "superseded certificate of {exporter}",
    "none",
    "{sha256}",
    "Run step x5.1. If it leaves the entry, delete it once nothing needs it, or accept it (accept: rule superseded).",
)

# -- rollback and cleaning up ------------------------------------------------------------------------------------------

NOT_ROLLED_BACK = Kind(
    "store.not-rolled-back", "{store}", "store", "as it was", "still this change's", "Run the rollback again."
)
FOLDER_LEFT = Kind("store.folder-left", "{path}", "folder", "removed", "still there", "Run step c.1 again.")
_FINISH = "Run the change again, or take it back (pytest runbook/rollback with this change), then clean up."
_NOTHING_UNDONE = "nothing left to finish"
UNFINISHED_COPY = Kind(
    "store.unfinished-copy", "{store}", "staged copy", _NOTHING_UNDONE, "one that is not activated", _FINISH
)
UNFINISHED_SERVICES = Kind("store.unfinished-services", "{store}", "services", _NOTHING_UNDONE, "{services}", _FINISH)
