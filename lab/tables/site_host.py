"""A host of a site file, as all parts of the lab use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab.tables.releases import ICM
from lab.tables.roles import ROLES, Role, with_tomcat
from lab.tables.vos_roles import ROLES as VOS_ROLES
from lab.tables.vos_roles import About

ENGLISH = "en"


@dataclass(frozen=True)
class SiteHost:
    """A host of a site file. `entry` is the part that the inventory contains as well."""

    fqdn: str
    role: str
    entry: Mapping[str, Any]
    release: str
    dependents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    openjdk: bool = False  # 12.5(1) with the engineering special that brought CCE_JAVA_HOME
    ecdsa_leaf: bool = False  # a VOS node that presents an elliptic leaf as well
    tls: str = ""  # TLS versions of its ports, except WinRM's
    short_names: bool = True  # whether 8.3 names are made on its drive
    environment: Mapping[str, str] = field(default_factory=dict)  # of the system (REG_SZ), if a site file sets it
    java_options: str = ""  # of a CVP server: `stock` ones name no trust store, `secure_jmx` names the keystore
    tomcat: bool | None = None  # true if a server of the CCE has Apache Tomcat; None if its role decides
    icm: str = ICM  # the folder of a server of the CCE
    java: int | None = None  # the version of its JVM; None if its release decides
    language: str = ENGLISH  # of its Windows
    calls: Mapping[str, Any] = field(default_factory=dict)  # number and duration of its calls

    @property
    def hostname(self) -> str:
        """The bare name."""
        return self.fqdn.partition(".")[0]

    @property
    def domain(self) -> str:
        """The DNS domain."""
        return self.fqdn.partition(".")[2]

    @property
    def role_data(self) -> Role:
        """The properties of a Windows host of its role."""
        role = ROLES[self.role]
        return role if self.tomcat is None else with_tomcat(role, self.tomcat)

    @property
    def is_node(self) -> bool:
        """True if it is a VOS appliance; else it runs Windows."""
        return self.role in VOS_ROLES

    @property
    def managed(self) -> bool:
        """True if it accepts logins."""
        return bool(self.entry.get("managed", True))

    @property
    def port_keys(self) -> tuple[str, ...]:
        """The keys of its `ports`, those for logins first."""
        if self.is_node:
            keys = VOS_ROLES[self.role].port_keys
            return keys if self.managed else tuple(key for key in keys if key != "ssh")
        return (*(("winrm",) if self.managed else ()), *self.role_data.port_keys)

    @property
    def about(self) -> About:
        """The properties that a VOS node is created with."""
        return About(self.fqdn, self.role, self.release, str(self.entry.get("node", "publisher")))
