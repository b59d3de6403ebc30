"""The command processor of a host."""

from __future__ import annotations

from lab.contract import CommandLine, Machine
from lab.failing import FailingCommands, FailingDisk, FailingKeytool
from lab.fault_file import HostFaults
from lab.stores import FEW_ROUNDS, keytool
from lab.windows import CmdExe, JavaTools
from lab.windows.java import QUICK
from lab.windows.java_cache import cache_options

OPTIONS = (*QUICK, FEW_ROUNDS)


def command_processor(machine: Machine, keytool_latency: float, faults: HostFaults) -> CommandLine:
    """cmd.exe on this machine, with a real keytool that takes so many seconds longer; it fails where it shall."""
    options = (*OPTIONS, *cache_options(keytool(), OPTIONS))
    java = JavaTools(keytool(), options, latency=keytool_latency, around=FailingKeytool(faults, machine.drive))
    return FailingCommands(CmdExe(machine, java, disk=FailingDisk(faults, machine.drive)), faults)
