"""Which TLS a Java speaks by what `java -version` says of it, by Oracle's and OpenJDK's release notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tls.java_tls import Speaks, parse_java_version

ORACLE, OPEN = "java", "openjdk"
YES, NO, IF_TOLD = Speaks.YES, Speaks.NO, Speaks.IF_TOLD
# who made it, what it says -> TLS 1.0 (and 1.1), 1.3
JAVAS = {
    (ORACLE, "1.7.0_80"): (YES, NO),
    (ORACLE, "1.8.0"): (YES, NO),
    (ORACLE, "1.8.0_221"): (YES, NO),
    (ORACLE, "1.8.0_251"): (YES, NO),
    (ORACLE, "1.8.0_261"): (YES, IF_TOLD),
    (ORACLE, "1.8.0_291"): (IF_TOLD, IF_TOLD),
    (ORACLE, "1.8.0_333"): (IF_TOLD, IF_TOLD),
    (ORACLE, "1.8.0_341"): (IF_TOLD, YES),
    (OPEN, "1.8.0_262"): (YES, NO),
    (OPEN, "1.8.0_272"): (YES, IF_TOLD),
    (OPEN, "1.8.0_345"): (IF_TOLD, IF_TOLD),
    (OPEN, "1.8.0_432"): (IF_TOLD, YES),
    (ORACLE, "10.0.2"): (YES, NO),
    (OPEN, "11"): (YES, YES),
    (OPEN, "11.0.10"): (YES, YES),
    (OPEN, "11.0.11"): (IF_TOLD, YES),
    (OPEN, "16.0.1"): (IF_TOLD, YES),
    (OPEN, "17.0.13"): (IF_TOLD, YES),
    (OPEN, "25.0.2"): (IF_TOLD, YES),
}


@pytest.mark.parametrize(
    "made_by, version, old, new", [(*java, *speaks) for java, speaks in JAVAS.items()], ids=["-".join(j) for j in JAVAS]
)
def test_a_java_speaks_what_its_release_notes_say(made_by: str, version: str, old: Speaks, new: Speaks) -> None:
    text = f'Picked up JAVA_TOOL_OPTIONS: -Dx=1\r\n{made_by} version "{version}" 2021-04-20 LTS\r\nRuntime\r\n'
    java = parse_java_version(text)
    assert java is not None
    assert [java.speaks(one) for one in ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")] == [old, old, YES, new]
    assert java.name == version


@given(st.text())
def test_anything_else_is_none(text: str) -> None:
    assert parse_java_version(text.replace("version", "")) is None
