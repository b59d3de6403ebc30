"""The other commands: version, status, cluster, clock, account lock-out, pagination, and the history file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

from lab.vos.accounts import RETRIES, UNLOCK_TIME
from lab.vos.cli.call import Call, Command, Failed
from lab.vos.cli.pager import view
from lab.vos.install import HISTORY
from lab.vos.node import Node

STATUS = """\

Host Name          : {hostname}
Date               : {date}
Time Zone          : Pacific Standard Time (America/Los_Angeles)
Locale             : en_US.UTF-8
Product Ver        : {version}
Unified OS Version : {os}

Uptime:
 {time:%H:%M:%S} up {up},  1 user,  load average: 1.76, 1.09, 0.94

CPU Idle:   33.17%  System:   23.12%    User:   42.21%
  IOWAIT:   01.01%     IRQ:   00.00%    Soft:   00.50%

Memory Total:        5945116K
        Free:         148872K
        Used:        4111244K
      Cached:         998788K
      Shared:         470380K
     Buffers:        1685000K

                        Total            Free            Used
Disk/active         17921776K        3991112K       13730872K (78%)
Disk/inactive       17921776K       16943272K          45080K (1%)
Disk/logging        62681844K       28513908K       30960820K (53%)

"""
NTP = """\
ntpd (pid 1250) is running...

     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*192.0.2.10      192.0.2.1        2 u  247  256  377    4.288   -0.242   0.115


synchronised to NTP server (192.0.2.10) at stratum 3
   time correct to within 36 ms
   polling server every 256 s

Current time in UTC is : {utc:%a %b %d %H:%M:%S} UTC {utc:%Y}
Current time in America/Los_Angeles is : {local:%a %b %d %H:%M:%S} {local:%Z} {local:%Y}
"""
ENTRIES = """\

Server Table (processnode) Entries
----------------------------------
{names}
"""


async def version(call: Call) -> None:
    """Show the active version and its installed options."""
    active = call.node.about.release_data.active_version
    await call.show(
        f"Active Master Version: {active}\n"
        "Active Version Installed Software Options:\n"
        "No Installed Software Options Found.\n"
    )


async def status(call: Call) -> None:
    """Show host name, clock, zone, version, load."""
    node, now = call.node, call.node.clock()
    minutes = int((datetime.now(UTC) - (node.booted or datetime.now(UTC))).total_seconds() // 60)
    release = node.about.release_data
    text = STATUS.format(
        hostname=node.hostname,
        date=f"{now:%a %b} {now.day}, {now:%Y %H:%M:%S}",
        version=release.active_version,
        os=release.os_version,
        time=now,
        up=_up(minutes),
    )
    await call.show(text)


def _up(minutes: int) -> str:
    """Return the time since the boot as `uptime` of procps writes it."""
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    time = f"{hours:2}:{minutes:02}" if hours else f"{minutes} min"
    return f"{days} day{'s' * (days > 1)}, {time}" if days else time


async def cluster(call: Call) -> None:
    """Show the nodes of the cluster as they see each other."""
    rows = "\n".join(_row(call.node, node) for node in call.node.cluster)
    await call.show(f"{rows}\n{ENTRIES.format(names=chr(10).join(node.fqdn for node in call.node.cluster))}")


def _row(asked: Node, node: Node) -> str:
    first = node.node == "publisher"
    kind, database = ("Publisher", "DBPub") if first else ("Subscriber", "DBSub")
    since = node.booted if node is not asked else None
    state = f"authenticated using TCP since {since:%a %b %d %H:%M:%S %Y}" if since else "authenticated"
    return f"{node.line.address} {node.fqdn} {node.hostname} {kind} callmanager {database} {state}"


async def ntp(call: Call) -> None:
    """Show the clock, in UTC and in the node's zone."""
    await call.show(NTP.format(utc=datetime.now(UTC), local=call.node.clock()))


async def account_locking(call: Call) -> None:
    """Show after how many attempts an account is locked, and for how long."""
    await call.show(
        f"Account Lockout is enabled\nUnlock Time : {UNLOCK_TIME:.0f} seconds\nRetry Count : {RETRIES} attempts\n"
    )


async def set_pagination(call: Call) -> None:
    """Switch pagination on or off for this session."""
    chosen = call.arguments[0]
    if chosen not in ("on", "off"):
        raise Failed("Invalid parameter")
    call.settings.paged = chosen == "on"
    await call.show(f"Automatic pagination is turned {chosen}\n")


async def show_pagination(call: Call) -> None:
    """Show if output comes in pages."""
    await call.show(f"Automatic Pagination : {'On' if call.settings.paged else 'Off'}.\n")


async def view_file(call: Call) -> None:
    """Page through a file. A lab's node has one."""
    place, name = call.arguments
    if place != "install" or PurePosixPath(name).name != HISTORY:
        raise Failed(f"File does not exist: {name}")
    await view(call.terminal, (call.node.folder / HISTORY).read_text(encoding="utf-8").splitlines())


COMMANDS = (
    Command("show version active", version),
    Command("show status", status),
    Command("show network cluster", cluster),
    Command("utils ntp status", ntp),
    Command("show accountlocking", account_locking),
    Command("show cli pagination", show_pagination),
    Command("set cli pagination", set_pagination, 1, 1),
    Command("file view", view_file, 2, 2),
)
