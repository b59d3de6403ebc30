"""Where things of a host lie: below the state's folder, and on its drive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.drive import locate
from lab.passwords import Secrets
from lab.roles import CVP_HOME, RELEASES, ROLES, SECURITY_PROPERTIES, Release, Role, StoreKind
from lab.site import SiteHost


@dataclass(frozen=True)
class HostLayout:
    """The files of one host."""

    folder: Path
    site_host: SiteHost
    release: str
    secrets: Secrets

    @property
    def role_data(self) -> Role:
        """What a host of this role has."""
        return ROLES[self.site_host.role]

    @property
    def release_data(self) -> Release:
        """What its release has."""
        return RELEASES[self.release]

    @property
    def drive(self) -> Path:
        """What the host sees as `C:`."""
        return self.folder / "C"

    @property
    def machine(self) -> Path:
        """Outside the drive: the machine store and the SSL bindings."""
        return self.folder / "machine"

    @property
    def registry_file(self) -> Path:
        """The registry."""
        return self.folder / "registry.json"

    @property
    def running(self) -> Path:
        """What running services have loaded, a folder each."""
        return self.folder / "running"

    def windows(self, template: str) -> str:
        """A path of the role table as this host has it."""
        return template.replace("{java_home}", self.release_data.java_home).replace("{cvp_home}", CVP_HOME)

    def on_disk(self, template: str) -> Path:
        """Where a path of the role table, or any Windows path, lies on this machine."""
        return locate(self.drive, self.windows(template))

    def factory_password(self, kind: StoreKind) -> str:
        """The password with which an installer made this store."""
        if kind.password in ("keystore", "truststore"):
            return self.secrets.store_password(f"{kind.password} of {self.site_host.fqdn}")
        return kind.password

    def configured_password(self) -> str | None:
        """What security.properties says now (a CVP reads it at each start); None when it says nothing."""
        try:
            text = self.on_disk(SECURITY_PROPERTIES).read_text(encoding="latin-1")
        except OSError:
            return None
        for line in text.splitlines():
            key, separator, value = line.partition("=")
            if separator and key.strip() == "Security.keystorePW":
                return value.strip()
        return None
