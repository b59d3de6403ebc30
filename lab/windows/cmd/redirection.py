"""The destinations of a command's handles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from lab.windows.cmd import nodes
from lab.windows.disk import Disk
from lab.windows.invocation import Session
from lab.windows.paths import Drive, WindowsError, is_nul
from lab.windows.spoken import Words
from lab.windows.streams import Calls, Input, Sink, Writer, nowhere


@dataclass(frozen=True)
class Streams:
    """The three handles of a process."""

    stdin: Input
    out: Sink
    err: Sink


def redirected(
    redirections: tuple[nodes.Redirection, ...],
    streams: Streams,
    drive: Drive,
    disk: Disk,
    session: Session,
    words: Words,
) -> Streams | None:
    """Return the handles after the redirections, from left to right.

    None (after a message) if a file cannot be opened.
    """
    stdin, outputs = streams.stdin, {1: streams.out, 2: streams.err}
    for one in redirections:
        try:
            if one.mode == "<":
                stdin = _read(one.target, drive, disk, session)
            elif one.mode == "&":
                outputs[one.handle] = outputs.get(int(one.target), nowhere())
            else:
                outputs[one.handle] = _written(one, drive, disk, session)
        except WindowsError as error:
            Writer(streams.err, session.codepage).line(words.of(error))
            return None
    return Streams(stdin, outputs[1], outputs[2])


def _read(target: str, drive: Drive, disk: Disk, session: Session) -> Input:
    if is_nul(target):
        return Input.of(b"")
    place = drive.locate(drive.absolute(target, session.directory))
    if not place.parent.is_dir():
        raise WindowsError(3)
    return Input.of(disk.read_file(place))


def _written(one: nodes.Redirection, drive: Drive, disk: Disk, session: Session) -> Sink:
    """Return the sink of a file.

    The file exists (and is empty, except for `>>`) before the command runs, even an unknown command.
    """
    if is_nul(one.target):
        return nowhere()
    place = drive.locate(drive.absolute(one.target, session.directory))
    if not place.parent.is_dir():
        raise WindowsError(3)
    if one.mode == ">":
        disk.write_file(place, b"")
    else:
        disk.append(place, b"")
    return Calls(partial(disk.append, place), is_file=True)
