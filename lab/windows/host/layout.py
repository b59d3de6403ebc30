"""The places of a host's files: below the state's folder, and on its drive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import javaproperties

from lab.passwords import Secrets
from lab.tables.releases import RELEASES, WITH_OPENJDK, PasswordSource, Release
from lab.tables.roles import SECURITY_PROPERTIES, Role, StoreKind, stores_of
from lab.tables.site_host import SiteHost
from lab.windows.host.drive import locate
from lab.windows.host.java import Java, java_of

PASSWORD_KEY = "Security.keystorePW"  # noqa: S105  # the key, not the value


@dataclass(frozen=True)
class HostLayout:
    """The files of one host."""

    folder: Path
    site_host: SiteHost
    secrets: Secrets

    @property
    def role_data(self) -> Role:
        """The properties of a host of this role."""
        return self.site_host.role_data

    @property
    def release_data(self) -> Release:
        """The properties of its release."""
        return (WITH_OPENJDK if self.site_host.openjdk else RELEASES)[self.site_host.release]

    @property
    def java(self) -> Java:
        """The Java behind its keytool. Raises LabError where that is not on this machine."""
        release = self.release_data
        told = release.java_version if self.role_data.cce else release.cvp_java_version
        return java_of(self.site_host.java, told)

    @property
    def names_stores(self) -> bool:
        """True if its services' Java options name a trust store beside the JVM's own."""
        chosen = {"stock": False, "secure_jmx": True}.get(self.site_host.java_options)
        return self.role_data.cce or (self.release_data.names_stores if chosen is None else chosen)

    @property
    def stores(self) -> Mapping[str, StoreKind]:
        """Its Java stores by their names in the role table."""
        return stores_of(self.role_data, self.release_data)

    @property
    def drive(self) -> Path:
        """The folder that the host sees as `C:`."""
        return self.folder / "C"

    @property
    def machine(self) -> Path:
        """The folder outside the drive for the machine store and the SSL bindings."""
        return self.folder / "machine"

    @property
    def registry_file(self) -> Path:
        """The file of the registry."""
        return self.folder / "registry.json"

    @property
    def running(self) -> Path:
        """The folder for the notes of running services, a folder each."""
        return self.folder / "running"

    def windows(self, template: str) -> str:
        """Return a path of the role table as this host has it."""
        return self.release_data.path(template, self.site_host.icm)

    def on_disk(self, template: str) -> Path:
        """Return the path on this machine for a path of the role table, or for any Windows path."""
        return locate(self.drive, self.windows(template))

    def factory_password(self, kind: StoreKind) -> str:
        """Return the password with which an installer made this store."""
        if kind.password in ("keystore", "truststore"):
            return self.secrets.store_password(f"{kind.password} of {self.site_host.fqdn}")
        return kind.password

    def configured_password(self) -> str | None:
        """Return the password in security.properties now (a CVP reads it at each start); None if none is usable."""
        try:
            text = self.on_disk(SECURITY_PROPERTIES).read_text(encoding="latin-1")
        except OSError:
            return None
        try:
            value = dict(javaproperties.loads(text)).get(PASSWORD_KEY)
        except javaproperties.InvalidUEscapeError:
            return None
        return self._opened(value) if value else None

    def shown_password(self, password: str) -> str:
        """Return the password as security.properties of this release holds it."""
        is_plain = self.release_data.password_source is PasswordSource.PLAIN
        return password if is_plain else self.secrets.seal(password)

    def _opened(self, value: str) -> str | None:
        is_plain = self.release_data.password_source is PasswordSource.PLAIN
        return value if is_plain else self.secrets.unseal(value)
