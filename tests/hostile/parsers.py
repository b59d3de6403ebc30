"""The one table of parsers of what comes from outside."""

from __future__ import annotations

from tests.hostile import of_files, of_hosts
from tests.hostile.parser import Parser

PARSERS: dict[str, Parser] = {one.name: one for one in (*of_hosts.PARSERS, *of_files.PARSERS)}
