"""What a case of the tables is, and how one is shown to hold."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.windows.host import Answer, Host


@dataclass(frozen=True)
class Case:
    """A line and what it must print and return. `{...}` stands for text that the case does not fix."""

    line: str
    out: str = ""
    err: str = ""
    code: int = 0
    stdin: bytes = b""
    before: tuple[str, ...] = ()  # lines that make the situation
    elevated: bool = True


def assert_holds(case: Case, host: Host) -> Answer:
    """Run what comes before and the line, and compare all three."""
    for line in case.before:
        host.run(line)
    answer = host.run(case.line, stdin=case.stdin, elevated=case.elevated)
    found = (answer.out.decode().replace("\r\n", "\n"), answer.err.decode().replace("\r\n", "\n"), answer.code)
    assert found == (case.out, case.err, case.code)
    for stream in (answer.out, answer.err):
        assert stream.count(b"\n") in (stream.count(b"\r\n"), stream.count(b"\r\n") + stream.count(b"\n\0")), (
            "bare line feed"
        )
    return answer
