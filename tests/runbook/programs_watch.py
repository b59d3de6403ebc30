"""A pytest plugin for tests: writes down every program that the process starts, with the names it hands over."""

from __future__ import annotations

import json
import os
import sys

# subprocess.Popen's arguments are (executable, args, cwd, env); of the others nothing may come up at all
_WATCHED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
FILE = "PROGRAMS_SEEN"


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED and FILE in os.environ:
        given = arguments[-1] if isinstance(arguments[-1], dict) else dict(os.environ)
        line = {"event": event, "command": repr(arguments[1])[:300], "names": sorted(map(str, given))}
        with open(os.environ[FILE], "a", encoding="utf-8") as file:  # noqa: PTH123 - in an audit hook
            file.write(json.dumps(line) + "\n")


sys.addaudithook(_note)
