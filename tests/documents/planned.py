"""What a plan of the example inventory has in the place of a line of the documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.inventory.model import Host
from tests.documents.items import Edition, Item
from tests.documents.keytool_lines import KeytoolLine, differing, parse
from tests.runbook.runs import example, runbook

# Which of the example's hosts a placeholder stands for.
_CVPS = {"cvp", "cvp_reporting"}
_CCE = {"ads", "rogger", "router", "logger", "hds", "pg"}
_VOS = {"cucm", "finesse", "cuic", "live_data", "ids", "cuic_coresident", "cloud_connect", "vvb"}
_STANDS_FOR = {"fqdn_of_cvp": _CVPS, "fqdn_of_ads": {"ads"}, "fqdn_of_vos": _VOS, "fqdn_of_server": _CCE}


@dataclass(frozen=True)
class Planned:
    """The commands of a plan: step, role of the host, text; and the FQDNs of each role."""

    commands: tuple[tuple[str, str, str], ...]
    hosts: dict[str, str]  # role by FQDN

    @classmethod
    def of(cls, folder: Path, *options: str, old: str = "", new: str = "") -> Planned:
        """Make the plan of the example inventory, a text of it replaced, and read it."""
        made = runbook(None, folder, example(folder, old, new), "--plan", *options)
        assert made.exit_code == 0, made.output
        path = next(folder.glob("plan-*/plan.json"))  # the site's folder; the run's own has a copy
        plan: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        hosts = {host["fqdn"]: str(Host.model_validate(host).role) for host in plan["inventory"]["hosts"]}
        found = (
            (step["step"], hosts.get(step["host"], ""), work["text"])
            for step in plan["steps"]
            for work in step["work"]
            if "text" in work
        )
        return cls(tuple(found), hosts)

    def texts(self, item: Item) -> list[str]:
        """What the item's steps would send to hosts of its role."""
        return [text for step, role, text in self.commands if step in item.steps and role == item.role]

    def keytool_lines(self, item: Item) -> list[KeytoolLine]:
        """The keytool lines among them."""
        return [parse(text) for text in self.texts(item) if "keytool" in text]

    def aliases(self, template: str) -> set[str]:
        """The aliases that a documented one stands for in this plan's site."""
        placeholder = re.search(r"\{(\w+)\}", template)
        if not placeholder:
            return {template.lower()}
        roles = _STANDS_FOR[placeholder[1]]
        return {template.replace(placeholder[0], fqdn).lower() for fqdn, role in self.hosts.items() if role in roles}

    def in_place_of(self, item: Item, edition: Edition) -> Iterator[KeytoolLine]:
        """Our lines with the subcommand and one of the aliases of the documents' line."""
        theirs = parse(item.line(edition))
        aliases = self.aliases(item.example_of or theirs.alias)
        for line in self.keytool_lines(item):
            if line.subcommand == theirs.subcommand and line.alias in aliases:
                yield line


def found_differences(
    documented: Planned, usual: Planned, item: Item, edition: Edition
) -> dict[str, frozenset[str | None]]:
    """The options in which the documents' line and ours really differ, with the values that ours have.

    `documented` is the plan with the documents' import lines, in which no alias shares another's key pair; `usual` a
    plan as it is by default. Raises AssertionError where the aliases of the documented plan are others.
    """
    theirs, ours = parse(item.line(edition)), list(documented.in_place_of(item, edition))
    aliases = {line.alias for line in ours}
    expected = documented.aliases(item.example_of or theirs.alias)
    where = f"{theirs.subcommand} in {', '.join(item.steps)} on {item.role}"
    assert aliases == expected, f"{where}: missing {expected - aliases}, unexpected {aliases - expected}"
    each = [differing(theirs, line) for line in ours]
    found = {name: frozenset(one.get(name) for one in each) for name in frozenset().union(*each)}
    if any(True for _ in usual.in_place_of(item, edition)):
        return found
    others = {line.subcommand for line in usual.keytool_lines(item)}
    assert "importkeystore" in others, f"nothing in its place by default: {item.at}"
    return {**found, "batch" if theirs.subcommand == "import" else "one key pair": frozenset({"yes"})}
