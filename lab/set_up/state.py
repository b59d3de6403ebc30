"""The folder of all state that survives a lab: seed, certification authorities, hosts."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from lab.accounts import Refusals, WindowsAccount, account_of
from lab.certificates import Authority, authority, load_identity
from lab.errors import LabError
from lab.keys import KeyPool
from lab.passwords import Secrets, of_state, write_private
from lab.set_up import web_services
from lab.set_up.setup import Setup
from lab.set_up.web_services import WebService
from lab.site.site import Site
from lab.tables.site_host import SiteHost
from lab.windows.host.layout import HostLayout

FORMAT = 1


@dataclass(frozen=True)
class State:
    """A state that is ready to be started."""

    folder: Path
    site: Site
    secrets: Secrets
    authority: Authority  # issues the certificates of WinRM
    web_services: tuple[WebService, ...]
    passwords: dict[str, str]  # credential -> password

    def account(self, credential: str) -> WindowsAccount:
        """Return the account of a credential of the site."""
        return account_of(*self.login(credential))

    def login(self, credential: str) -> tuple[str, str]:
        """Return user name and password of a credential."""
        return self.site.usernames[credential], self.passwords[credential]

    def refusals(self) -> Refusals:
        """The number of refusals of each Windows account so far."""
        return Refusals(self.folder / "refusals.json")

    def folder_of(self, host: SiteHost) -> Path:
        """Return the folder of one host."""
        return self.folder / "hosts" / host.fqdn

    def layout(self, host: SiteHost) -> HostLayout:
        """Return the files of a Windows host."""
        return HostLayout(self.folder_of(host), host, self.secrets)


def prepare(folder: Path, site: Site, pool: Executor) -> State:
    """Return the state in this folder, made where it is missing. Raises LabError when the folder cannot be used."""
    try:
        _claim(folder, site)
        secrets = of_state(folder)
        keys = KeyPool()
        services = pool.submit(web_services.prepare, folder / "web", site.web_services, keys)
        passwords = {name: secrets.account_password(f"credential {name}") for name in site.usernames}
        state = State(folder, site, secrets, _winrm_authority(folder), (), passwords)
        Setup(folder, site, secrets, keys).run(pool)
        return replace(state, web_services=tuple(services.result()))
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


def _winrm_authority(folder: Path) -> Authority:
    file = folder / "winrm-ca.pem"
    if not file.exists():
        write_private(file, authority("Lab WinRM CA").identity.pem().decode("ascii"))
    return Authority(load_identity(file.read_bytes()))
