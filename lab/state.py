"""The folder that outlives a lab: seed, certification authority, hosts."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from lab.accounts import Refusals, WindowsAccount, account_of
from lab.certificates import Authority, authority, load_identity
from lab.errors import LabError
from lab.install import install
from lab.layout import HostLayout
from lab.passwords import Secrets, of_state, write_private
from lab.site import Site

FORMAT = 1
AUTHORITIES = 20  # in a trust store that an installer leaves


@dataclass(frozen=True)
class State:
    """A state that is ready to be started."""

    folder: Path
    secrets: Secrets
    authority: Authority  # issues the certificates of WinRM
    layouts: tuple[HostLayout, ...]
    passwords: dict[str, str]  # credential -> password

    def account(self, site: Site, credential: str) -> WindowsAccount:
        """The account behind a credential of the site."""
        return account_of(site.usernames[credential], self.passwords[credential])

    def refusals(self) -> Refusals:
        """How often accounts were refused so far."""
        return Refusals(self.folder / "refusals.json")


def prepare(folder: Path, site: Site, pool: Executor) -> State:
    """The state in this folder, made where it is missing. Raises LabError when the folder cannot be used."""
    try:
        _claim(folder, site)
        secrets = of_state(folder)
        layouts = tuple(HostLayout(folder / "hosts" / host.fqdn, host, site.release, secrets) for host in site.hosts)
        authorities = {f"lab root ca {number:02}": _made_up(number) for number in range(1, AUTHORITIES + 1)}
        list(pool.map(lambda layout: install(layout, authorities), layouts))
        passwords = {name: secrets.account_password(f"credential {name}") for name in site.usernames}
        return State(folder, secrets, _winrm_authority(folder), layouts, passwords)
    except (OSError, ValueError) as error:
        raise LabError(f"{folder}: not usable as a state: {error}") from error


def _claim(folder: Path, site: Site) -> None:
    head = folder / "lab.json"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {"format": FORMAT, "site": site.name, "release": site.release}
    if not head.exists():
        head.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    found = json.loads(head.read_text(encoding="utf-8"))
    for key, value in wanted.items():
        if found.get(key) != value:
            raise LabError(f"{head}: {key}: holds a state of {found.get(key)!r}, not of {value!r}")


def _made_up(number: int) -> bytes:
    return authority(f"Made-up Root CA {number:02}").identity.chain[0]


def _winrm_authority(folder: Path) -> Authority:
    file = folder / "winrm-ca.pem"
    if not file.exists():
        write_private(file, authority("Lab WinRM CA").identity.pem().decode("ascii"))
    return Authority(load_identity(file.read_bytes()))
