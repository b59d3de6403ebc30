"""What a run has asked twice, by its journal: one line of one host, in one stage and with no change between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

# Waiting is asking again; and these steps ask because the documents do: their own lines are evidence.
_WAITS = "wait until"
_OWN_LINES = frozenset({"1.1.pre.1", "1.1.i", "1.2.i"})


def asked_twice(journal: Path, waves: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Step, host and line. Of steps that go in `waves` each host's share is looked at by itself."""
    stage, known = "", set[tuple[str, str]]()
    for line in journal.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "step":
            step = event["step"]
            begun = f"{step['id']} {step['host']}" if step["id"] in waves else step["id"]
            known = known if begun == stage else set()
            stage = begun
        if event["event"] != "command":
            continue
        sent = event["record"]
        asked = sent["host"], sent["text"]
        if sent["changes"]:
            known = {one for one in known if one[0] != sent["host"]}
        elif not sent["purpose"].startswith(_WAITS) and stage not in _OWN_LINES:
            if asked in known:
                yield (stage, *asked)
            known.add(asked)
