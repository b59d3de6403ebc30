"""The command processor of a host."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PureWindowsPath

from lab.contract import CommandLine
from lab.faults.file import HostFaults
from lab.services.mains import Mains
from lab.tables.roles import DECRYPT_KEYSTORE_UTIL, SERVICE_CONTROLLER
from lab.windows import CmdExe, JavaTools
from lab.windows.failing import FailingCommands, FailingDisk, FailingKeytool
from lab.windows.host.draining import Draining
from lab.windows.host.host import Host
from lab.windows.host.stores import FEW_ROUNDS
from lab.windows.invocation import Program
from lab.windows.java import QUICK
from lab.windows.java_cache import cache_options
from lab.windows.programs import draining
from lab.windows.programs.certificates.decrypt_keystore import decrypt_keystore_util

OPTIONS = (*QUICK, FEW_ROUNDS)


def command_processor(
    host: Host, keytool_latency: float, faults: HostFaults, mains: Mains, drained: Draining | None = None
) -> CommandLine:
    """Return cmd.exe of this host, with the configured faults.

    Its real keytool takes `keytool_latency` seconds longer.
    """
    found = host.layout.java
    options = (*OPTIONS, *found.options)
    java = JavaTools(
        found.keytool,
        (*options, *cache_options(found.keytool, options)),
        latency=keytool_latency,
        version=found.version,
        as_8=found.stands_for_8,
        around=FailingKeytool(faults, host.drive, mains),
    )
    # Its file is only on the drives of releases that have it.
    utility = PureWindowsPath(DECRYPT_KEYSTORE_UTIL).name.lower()
    programs = {utility: decrypt_keystore_util(host.layout.configured_password), **_draining(host, drained)}
    disk, short_names = FailingDisk(faults, host.drive, mains), host.layout.site_host.short_names
    shell = CmdExe(host, java, disk=disk, short_names=short_names, more_programs=programs)
    return FailingCommands(shell, faults, mains)


def _draining(host: Host, drained: Draining | None) -> Mapping[str, Program]:
    """Return the additional programs of a host with calls."""
    if drained is None:
        return {}
    if host.layout.role_data.cce:
        return {"powershell.exe": draining.maintenance_mode(drained)}

    def may(user: str, password: str) -> bool:
        account = host.account(user)
        return account is not None and account.password == password

    controller = PureWindowsPath(SERVICE_CONTROLLER).name.lower()
    return {controller: draining.service_controller(drained, may), "curl.exe": draining.curl(drained)}
