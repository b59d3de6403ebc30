"""The command processor of a host."""

from __future__ import annotations

from lab.contract import CommandLine, Machine
from lab.stores import FEW_ROUNDS, keytool
from lab.windows import CmdExe, JavaTools
from lab.windows.java import QUICK

OPTIONS = (*QUICK, FEW_ROUNDS)


def command_processor(machine: Machine, keytool_latency: float) -> CommandLine:
    """cmd.exe on this machine, with a real keytool that takes so many seconds longer."""
    return CmdExe(machine, JavaTools(keytool(), OPTIONS, latency=keytool_latency))
