"""A Windows host's command line: cmd.exe, the programs that the runbook's lines use, and a real keytool."""

from lab.windows.command_processor import CmdExe
from lab.windows.disk import Disk
from lab.windows.invocation import Invocation, Program
from lab.windows.java import Finished, JavaTools, KeytoolCall
from lab.windows.paths import WindowsError

__all__ = ["CmdExe", "Disk", "Finished", "Invocation", "JavaTools", "KeytoolCall", "Program", "WindowsError"]
