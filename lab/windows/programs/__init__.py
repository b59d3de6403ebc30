"""The programs of a Windows host: one table, name -> program. Names with `.exe` are files, the others cmd's own."""

from __future__ import annotations

from lab.windows.invocation import Program
from lab.windows.programs import console, identity, net, netsh, powershell, registry, service_control, wmic
from lab.windows.programs.certificates import certutil
from lab.windows.programs.files import attrib, compare, copying, findstr, folders, icacls, listing, xcopy

PROGRAMS: dict[str, Program] = {
    "call": console.call,
    "cd": folders.change_directory,
    "chdir": folders.change_directory,
    "cls": console.silent,
    "copy": copying.copy,
    "del": folders.delete,
    "dir": listing.dir_command,
    "echo": console.echo,
    "erase": folders.delete,
    "exit": console.exit_command,
    "md": folders.mkdir,
    "mkdir": folders.mkdir,
    "move": copying.move_command,
    "popd": folders.pop_directory,
    "pushd": folders.push_directory,
    "rd": folders.rmdir,
    "ren": copying.rename_command,
    "rename": copying.rename_command,
    "rmdir": folders.rmdir,
    "set": console.set_command,
    "title": console.silent,
    "type": listing.type_command,
    "ver": console.ver,
    "attrib.exe": attrib.attrib,
    "certutil.exe": certutil.certutil,
    "chcp.com": console.chcp,
    "cmd.exe": console.cmd,
    "fc.exe": compare.fc,
    "findstr.exe": findstr.findstr,
    "hostname.exe": identity.hostname,
    "icacls.exe": icacls.icacls,
    "more.com": listing.more,
    "net.exe": net.net,
    "netsh.exe": netsh.netsh,
    "powershell.exe": powershell.powershell,
    "reg.exe": registry.reg,
    "sc.exe": service_control.sc,
    "where.exe": identity.where,
    "whoami.exe": identity.whoami,
    "wmic.exe": wmic.wmic,
    "xcopy.exe": xcopy.xcopy,
}
