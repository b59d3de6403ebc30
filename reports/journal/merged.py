"""`journal.jsonl`: all journals of a change in one file, in the order of time.

Each line is a line of one process's journal, with the names of its run and file added as the last two fields. Without
these its hash is the "previous" of that journal's next line. The first line names each journal with its number of lines
and its last hash: a chain alone cannot show that lines are missing at its end, so it is compared with an earlier
`journal.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixtures.system.plain_files import open_plain
from reports.journal.chains import Chain, Entry, parsed, text

NAME = "journal.jsonl"
Known = dict[tuple[str, str], tuple[int, str]]  # run and file -> lines and last hash


@dataclass(frozen=True)
class Merged:
    """The merged file, and the faults of the journals in it, in words."""

    path: Path
    faults: tuple[str, ...]


def write(site_folder: Path, chains: Iterable[Chain]) -> Merged:
    """Write `journal.jsonl` into a change's folder. Raises OSError."""
    chains = list(chains)
    path = site_folder / NAME
    known = known_from(path)
    shorter = {pair: said for chain in chains if (said := missing(chain, known)) for pair in [(chain.run, chain.file)]}
    gone = known.keys() - {(chain.run, chain.file) for chain in chains}
    heads = [_head(chain, known, shorter) for chain in chains]
    heads += [{"run": run, "file": file, "lines": 0, "expected": list(known[run, file])} for run, file in sorted(gone)]
    new = path.with_suffix(".new")
    with new.open("wb") as out:
        out.write(json.dumps({"event": "head", "chains": heads}).encode("ascii") + b"\n")
        out.writelines(_in_order(chains))
    new.replace(path)
    faults = [f"{chain.run}/{chain.file}: {fault}" for chain in chains for fault in chain.faults]
    faults += [f"{run}/{file}: {said}" for (run, file), said in shorter.items()]
    faults += [f"{run}/{file}: it was here once and is gone" for run, file in sorted(gone)]
    return Merged(path, tuple(faults))


def _in_order(chains: list[Chain]) -> Iterator[bytes]:
    """Return all lines in the order of time; lines of one journal keep their order even if the clock was set back."""
    places = []
    for place, chain in enumerate(chains):
        latest = ""
        for number, entry in enumerate(chain.entries):
            latest = max(latest, text(entry, "time"))
            places.append((latest, place, number))
    # Added to the bytes that were hashed, which stay as they are. Not called "run": a journal's first line has a "run".
    ends = [
        f', "run_name": {json.dumps(chain.run)}, "source": {json.dumps(chain.file)}}}\n'.encode() for chain in chains
    ]
    return (chains[place].lines[number][:-1] + ends[place] for _, place, number in sorted(places))


def _head(chain: Chain, known: Known, shorter: dict[tuple[str, str], str]) -> dict[str, Any]:
    pair = chain.run, chain.file
    head = {"run": chain.run, "file": chain.file, "lines": len(chain.hashes), "last": chain.last}
    more = {"faults": list(chain.faults)} if chain.faults else {}
    # The earlier numbers stay on record: else nothing would be missing when the file is made next time.
    return head | more | ({"expected": list(known[pair])} if pair in shorter else {})


def missing(chain: Chain, known: Known) -> str:
    """Say how a journal has changed since its length and last hash were noted; empty if lines were only added."""
    lines, last = known.get((chain.run, chain.file), (0, ""))
    if not lines or (len(chain.hashes) >= lines and chain.hashes[lines - 1] == last):
        return ""
    return f"it is not what it was when {NAME} was made: {lines} lines then, {len(chain.hashes)} now"


def known_from(path: Path) -> Known:
    """Read each journal's number of lines and last hash from the first line of an earlier `journal.jsonl`.

    Empty if there is none that can be read.
    """
    try:
        with open_plain(path) as file:
            head = parsed(file.readline().rstrip(b"\n"))
    except OSError:
        return {}
    chains = head.get("chains") if head is not None else None
    known: Known = {}
    for chain in chains if isinstance(chains, list) else ():
        if isinstance(chain, dict):
            lines, last = _pair(chain)
            if isinstance(lines, int) and isinstance(last, str) and lines > 0:
                known[text(chain, "run"), text(chain, "file")] = lines, last
    return known


def _pair(chain: Entry) -> tuple[object, object]:
    expected = chain.get("expected")
    if isinstance(expected, list) and len(expected) == 2:
        return expected[0], expected[1]
    return chain.get("lines"), chain.get("last")
