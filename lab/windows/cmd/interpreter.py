"""The interpreter of parsed lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lab.contract import Machine, RegistryValue
from lab.windows import texts
from lab.windows.cmd import nodes
from lab.windows.cmd.conditions import holds
from lab.windows.cmd.cursor import CmdSyntaxError
from lab.windows.cmd.expansion import expanded
from lab.windows.cmd.finder import Finder
from lab.windows.cmd.lexer import DELIMITERS
from lab.windows.cmd.loops import Names, Unsupported, substituted, turns
from lab.windows.cmd.parser import parsed
from lab.windows.cmd.quotes import stripped
from lab.windows.cmd.redirection import Streams, redirected
from lab.windows.disk import Disk
from lab.windows.invocation import Exit, Invocation, Program, Session
from lab.windows.paths import Drive, WindowsError, basename, windows_error
from lab.windows.spoken import Words, page_of, words_of
from lab.windows.streams import Input, Kept, Writer

LONGEST_LINE = 8191
KILLED = -1073741510  # STATUS_CONTROL_C_EXIT: the exit code of a terminated command
_SYNTAX_EXIT = 255  # guess: the exit code of cmd /c for a line that it cannot parse
_UNKNOWN_ERRORLEVEL = 9009
_PROCESSOR = r"Software\Microsoft\Command Processor"
_DEEPEST = 12  # cmd within cmd
_COMMAND_WORD = re.compile(r"""([A-Za-z]+)(?=$|[ \t\v\f,;=./\\:\[\]+(])""")
_PROGRAM_WORD = re.compile(r'(?:"[^"]*"?|[^ \t\v\f,;="/])+')
# These never set ERRORLEVEL, whatever they return.
_WITHOUT_ERRORLEVEL = frozenset({"echo", "rem", "rd", "rmdir", "title", "cls"})


@dataclass(frozen=True)
class Interpreter:
    """The cmd.exe of one host. `programs`: cmd's own commands by name, and executables by file name."""

    machine: Machine
    drive: Drive
    disk: Disk
    finder: Finder
    programs: dict[str, Program]

    @property
    def _words(self) -> Words:
        return words_of(self.machine.language)

    def process(
        self, line: str, streams: Streams, session: Session, *, always_strip: bool = False, autorun: bool = True
    ) -> int:
        """Run `cmd /c LINE` in a session of its own, after the AutoRun lines; return its exit code."""
        if len(line) > LONGEST_LINE:
            return _complain(streams, session, texts.LINE_TOO_LONG)
        text = stripped(line, lambda name: self._is_program(name, session), always=always_strip)
        try:
            for first in self._autorun() if autorun else ():
                self.line(first, streams, session)
            return _signed(self.line(text, streams, session))
        except Exit as ended:
            return _signed(ended.code)

    def _autorun(self) -> list[str]:
        """Return the registry's AutoRun lines for every cmd.exe, those of the machine before those of the user."""
        values = [one for root in ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER") for one in self._settings(root)]
        return [value.data[0] for value in values if value.name.lower() == "autorun" and value.data]

    def _settings(self, root: str) -> Sequence[RegistryValue]:
        return self.machine.registry.values(f"{root}\\{_PROCESSOR}", 64) or ()

    def line(self, text: str, streams: Streams, session: Session) -> int:
        """Run a line in this session; return the result of its last command."""
        text = expanded(text, session)
        if len(text) > LONGEST_LINE:
            return _complain(streams, session, texts.INPUT_TOO_LONG)
        try:
            node = parsed(text)
        except CmdSyntaxError as error:
            return _complain(streams, session, self._words(str(error)), _SYNTAX_EXIT)
        return self.run(node, streams, session)

    def run(self, node: nodes.Node, streams: Streams, session: Session) -> int:
        """Run a parsed command; return 0, or the code that makes `&&` stop and `||` go on."""
        match node:
            case nodes.Simple():
                return self._simple(node, streams, session)
            case nodes.Chain():
                return self._chain(node, streams, session)
            case nodes.Block():
                with_redirections = self._redirected(node.redirections, streams, session)
                return self.run(node.body, with_redirections, session) if with_redirections else 1
            case nodes.If():
                chosen = node.then if holds(node.condition, self.drive, session) else node.otherwise
                return self.run(chosen, streams, session) if chosen else 0
            case nodes.For():
                return self._for(node, streams, session)
        return 0

    def _chain(self, chain: nodes.Chain, streams: Streams, session: Session) -> int:
        """Run the left side without recursion: a line may hold thousands of commands."""
        spine: list[nodes.Chain] = []
        node: nodes.Node = chain
        while isinstance(node, nodes.Chain) and node.operator != "|":
            spine.append(node)
            node = node.left
        code = self._pipe(node, streams, session) if isinstance(node, nodes.Chain) else self.run(node, streams, session)
        for link in reversed(spine):
            if link.operator == "||" and code:
                session.errorlevel = code
            if link.operator == "&" or (link.operator == "&&") == (code == 0):
                code = self.run(link.right, streams, session)
        return code

    def _pipe(self, node: nodes.Node, streams: Streams, session: Session) -> int:
        """Run each stage as a cmd process of its own; return the right-most one's exit code."""
        stages: list[nodes.Node] = []
        while isinstance(node, nodes.Chain) and node.operator == "|":
            stages.insert(0, node.right)
            node = node.left
        stdin = streams.stdin
        for stage in [node, *stages[:-1]]:
            pipe = Kept()
            self._stage(stage, replace(streams, stdin=stdin, out=pipe), session)
            stdin = Input.of(bytes(pipe.data))
        session.errorlevel = self._stage(stages[-1], replace(streams, stdin=stdin), session)
        return session.errorlevel

    def _stage(self, node: nodes.Node, streams: Streams, session: Session) -> int:
        try:
            return _signed(self.run(node, streams, session.child()))
        except Exit as ended:
            return _signed(ended.code)

    def _for(self, loop: nodes.For, streams: Streams, session: Session) -> int:
        def output_of(line: str) -> bytes:
            kept = Kept()
            self.process(line, replace(streams, out=kept), session.child())
            return bytes(kept.data)

        code = 0
        try:
            for values in turns(loop, self.drive, session, output_of):
                code = self.run(substituted(loop.body, values, Names(self.drive, session)), streams, session)
        except (Unsupported, WindowsError) as error:
            return _complain(streams, session, texts.LAB_LACKS.format(error))
        return code

    def _simple(self, command: nodes.Simple, streams: Streams, session: Session) -> int:
        if session.cancelled.is_set():
            raise Exit(KILLED)
        opened = self._redirected(command.redirections, streams, session)
        if opened is None:
            session.errorlevel = 1
            return 1
        text = command.text.lstrip("".join(DELIMITERS))
        if not text:
            return 0
        word = _COMMAND_WORD.match(text)
        name = word.group(1).lower() if word else ""
        if name in self.programs:
            code = self._start(name, name, text[len(name) :], opened, session)
            if name not in _WITHOUT_ERRORLEVEL:
                session.errorlevel = code
            return code
        if text.rstrip()[1:] == ":":
            return self._change_drive(text, opened, session)
        return self._program(text, opened, session)

    def _redirected(
        self, redirections: tuple[nodes.Redirection, ...], streams: Streams, session: Session
    ) -> Streams | None:
        return redirected(redirections, streams, self.drive, self.disk, session, self._words)

    def _change_drive(self, text: str, streams: Streams, session: Session) -> int:
        if text[0].upper() == self.drive.letter:
            return 0
        return _complain(streams, session, self._words.error(15))

    def _program(self, text: str, streams: Streams, session: Session) -> int:
        found = _PROGRAM_WORD.match(text)
        word = found.group() if found else text.partition(" ")[0]
        try:
            path = self.finder.find(word.replace('"', ""), session)
        except WindowsError as error:
            return _complain(streams, session, self._words.of(error))
        if path is None:
            code = _complain(streams, session, self._words(texts.UNKNOWN_COMMAND, word))
            session.errorlevel = _UNKNOWN_ERRORLEVEL
            return code
        name = basename(path).lower()
        if name not in self.programs:
            return _complain(streams, session, texts.NOT_RUNNABLE)
        session.errorlevel = self._start(name, path, text[len(word) :], streams, session)
        return session.errorlevel

    def _start(self, name: str, path: str, raw: str, streams: Streams, session: Session) -> int:
        page = page_of(name, self.machine.language, session.codepage)
        invocation = Invocation(
            name=name,
            program=path,
            raw=raw,
            stdin=streams.stdin,
            stdout=Writer(streams.out, page),
            stderr=Writer(streams.err, page),
            machine=self.machine,
            drive=self.drive,
            disk=self.disk,
            session=session,
            find=self.finder.all,
            run_line=self._again,
            run_child=self._child,
        )
        try:
            return _signed(self.programs[name](invocation))
        except WindowsError as error:
            return invocation.fail(error)
        except OSError as error:
            return invocation.fail(windows_error(error))

    def _again(self, text: str, caller: Invocation) -> int:
        """Run the text of a CALL: expand variables again, then run it as one command; operators are plain text."""
        session = caller.session
        streams = Streams(caller.stdin, caller.stdout.sink, caller.stderr.sink)
        return self._simple(nodes.Simple(expanded(text, session)), streams, session)

    def _child(self, line: str, caller: Invocation, *, always_strip: bool = False, autorun: bool = True) -> int:
        streams = Streams(caller.stdin, caller.stdout.sink, caller.stderr.sink)
        session = caller.session.child()
        if session.depth > _DEEPEST:
            return _complain(streams, session, texts.LAB_LACKS.format("cmd within cmd, too deep"))
        return self.process(line, streams, session, always_strip=always_strip, autorun=autorun)

    def _is_program(self, name: str, session: Session) -> bool:
        try:
            return self.finder.find(name, session) is not None
        except WindowsError:
            return False


def _complain(streams: Streams, session: Session, text: str, code: int = 1) -> int:
    if text:
        Writer(streams.err, session.codepage).lines(f"{text}\n")
    session.errorlevel = code
    return code


def _signed(code: int) -> int:
    """Return an exit code as signed 32 bits."""
    return (code + 0x80000000) % 0x100000000 - 0x80000000
