"""Measure a whole run on a site of the lab: wall time, keytool launches, WinRM requests.

    python -m benchmarks.rehearsal [--site minimal] [--repeat 3]

It appends a line to benchmarks/out/rehearsal.jsonl and prints it. The lab's audit log counts what hosts were asked.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from fixtures.system.child_environment import Program, environment

ROOT = Path(__file__).resolve().parents[1]
# A command takes a Command, a Receive at least, and a Signal: the fewest requests that it can be.
REQUESTS_A_COMMAND = 3
_ACTION = re.compile(r"-(list|delete|genkeypair|export|importkeystore|import|changealias)\b")


def main() -> None:
    """Run, measure, record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="minimal")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    for _ in range(options.repeat):
        figures = measure(options.site)
        print(json.dumps(figures))
        out = ROOT / "benchmarks" / "out"
        out.mkdir(exist_ok=True)
        with (out / "rehearsal.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")


def measure(site: str) -> dict[str, object]:
    """One run on a fresh lab. Seconds are wall time of `pytest runbook`, the lab's start not included."""
    with tempfile.TemporaryDirectory(prefix="pcce-bench-") as name:
        folder = Path(name)
        inventory = folder / "site" / "inventory.yaml"
        inventory.parent.mkdir()
        arguments = ["--site", site, "--state", str(folder / "state"), "--inventory-out", str(inventory)]
        command = [sys.executable, "-m", "lab", *arguments]
        lab = subprocess.Popen(command, cwd=ROOT, env=environment(Program.LAB), stdout=subprocess.PIPE, text=True)
        try:
            assert lab.stdout is not None
            assert lab.stdout.readline() == "ready\n"
            seconds = _run(inventory, folder / "out")
        finally:
            lab.terminate()
            lab.communicate(timeout=30)
        lines = (folder / "state" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines]
    keytool = Counter(found.group(1) for text in texts if "keytool" in text and (found := _ACTION.search(text)))
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "site": site,
        "seconds": round(seconds, 1),
        "commands": len(texts),
        "requests_at_least": REQUESTS_A_COMMAND * len(texts),
        "keytool": dict(keytool),
        "keytool_launches": sum(keytool.values()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }


def _run(inventory: Path, evidence: Path) -> float:
    options = (f"--inventory={inventory}", f"--evidence={evidence}", "--change=B1")
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "pytest", "runbook", *options],
        cwd=ROOT,
        env=environment(Program.PYTEST),
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
