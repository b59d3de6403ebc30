"""`show status` says how long the node has been up, in the words of Linux's own `uptime`."""

from __future__ import annotations

import pytest

from lab.vos.cli.system_commands import _up

CASES = {
    0: "0 min",
    59: "59 min",
    61: " 1:01",
    24 * 60 + 5: "1 day, 5 min",
    79 * 24 * 60 + 12 * 60 + 45: "79 days, 12:45",
}


@pytest.mark.parametrize("minutes, expected", CASES.items(), ids=map(str, CASES))
def test_uptime_is_told_as_linux_tells_it(minutes: int, expected: str) -> None:
    assert _up(minutes) == expected
