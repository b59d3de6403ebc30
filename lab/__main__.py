"""Run a lab in the foreground until SIGTERM or SIGINT: `python -m lab --site NAME --state DIR --inventory-out FILE`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from lab.app import Options, serve
from lab.errors import LabError
from lab.set_up.unstarted import write_inventory
from lab.site.site import BUILT_IN, Site, load

CANNOT_START = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 after a clean stop, 2 if the lab could not start."""
    chosen = _parser().parse_args(arguments)
    try:
        site = load(chosen.site)
        if chosen.inventory_only:
            write_inventory(site, chosen.inventory_out.absolute())
        else:
            asyncio.run(_run(_options(chosen, site)))
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("--site", required=True, help=f"{', '.join(BUILT_IN)}, or a site file")
    parser.add_argument(
        "--state", required=True, type=Path, help="folder of the lab's state; gone on with if it has one"
    )
    parser.add_argument(
        "--inventory-out", required=True, type=Path, help="the inventory to write; secrets go beside it"
    )
    parser.add_argument("--inventory-only", action="store_true", help="write it, of hosts that are not started")
    parser.add_argument("--winrm-scheme", choices=("https", "http"), default="https")
    for name, default, what in (
        ("service", 0.2, "a service takes to start or to stop"),
        ("keytool", 0.0, "each keytool takes longer"),
        ("roundtrip", 0.0, "each WinRM message takes longer"),
    ):
        parser.add_argument(
            f"--latency-{name}", type=_seconds, default=default, metavar="SECONDS", help=f"how long {what}"
        )
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 86400:
        raise argparse.ArgumentTypeError("seconds of one day at most")
    return value


def _options(chosen: argparse.Namespace, site: Site) -> Options:
    return Options(
        site=site,
        state=chosen.state.absolute(),
        inventory=chosen.inventory_out.absolute(),
        winrm_scheme=chosen.winrm_scheme,
        service_latency=chosen.latency_service,
        keytool_latency=chosen.latency_keytool,
        roundtrip_latency=chosen.latency_roundtrip,
    )


async def _run(options: Options) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) is signal.SIG_IGN:
            continue  # the caller has asked for it
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    await serve(options, stopped, lambda: print("ready", flush=True))


if __name__ == "__main__":
    sys.exit(main())
