"""Java's own ahead-of-time cache, which halves the start of the real keytool; one for each Java (25 and later).

A run without it takes 0.2 s of processor time before keytool does anything, and a rehearsal starts it some 40 times.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from lab.child_environment import environment

_FIRST_WITH_A_CACHE = 25  # 24 has another, longer way to make one
_SECONDS = 60
_KEYTOOL = "java.base/sun.security.tools.keytool.Main"
_VERSION = re.compile(r'^JAVA_VERSION="(\d+)', re.MULTILINE)


@cache
def cache_options(keytool: Path, options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the option that names this Java's cache, made now if there is none; nothing if it cannot be made."""
    home = keytool.resolve().parents[1]
    try:
        release = (home / "release").read_text(encoding="utf-8")
        version = _VERSION.search(release)
        if version is None or int(version.group(1)) < _FIRST_WITH_A_CACHE:
            return ()
        name = hashlib.sha256("\n".join((str(home), release, *options)).encode()).hexdigest()[:16]
        file = _folder() / f"keytool-{name}.aot"
        if not file.exists():
            _make(home / "bin" / "java", file, options)
    except (OSError, subprocess.SubprocessError):
        return ()
    return (f"-J-XX:AOTCache={file}", "-J-Xlog:disable")  # a mismatching cache only causes a warning on standard output


def _folder() -> Path:
    """Return a folder of this user's own, because its content is executed."""
    base = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache")
    folder = Path(base) / "pcce-lab"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _make(java: Path, file: Path, options: tuple[str, ...]) -> None:
    """Make the cache under another name and move it: two labs may start at once."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made, store = Path(folder) / "made.aot", Path(folder) / "store"
        training = ["-genkeypair", "-alias", "a", "-keyalg", "RSA", "-dname", "CN=a", "-keystore", str(store)]
        secret = ["-storetype", "JCEKS", "-storepass", "changeit", "-keypass", "changeit"]
        virtual_machine = [option.removeprefix("-J") for option in options]
        subprocess.run(
            [str(java), *virtual_machine, f"-XX:AOTCacheOutput={made}", "-m", _KEYTOOL, *training, *secret],
            env=environment(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
        made.replace(file)
