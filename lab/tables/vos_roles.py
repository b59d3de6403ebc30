"""The roles and releases of VOS appliances: ONE table of each, with their services and what those present.

Service names that no source prints are guesses (`lab/vos/GUESSES.md`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

TOMCAT, TOMCAT_ECDSA, IPSEC = "tomcat", "tomcat-ECDSA", "ipsec"
TRUST_UNIT, CALLMANAGER_TRUST = "tomcat-trust", "CallManager-trust"


class CertificateCommands(StrEnum):
    """The `show cert` and `set cert` commands that a role's command line has."""

    ALL = "all"
    NO_DELETE = "no_delete"
    NONE = "none"


class Dump(StrEnum):
    """The form in which a certificate is printed: A up to 14SU1, B from 14SU2 on (other field names)."""

    A = "A"
    B = "B"


@dataclass(frozen=True)
class VosService:
    """A service, named as in `utils service list`.

    `presents` are keys of the inventory's `ports`, each with the node's tomcat certificate as it was when the service
    started. `trusts`: it reads tomcat-trust when it starts. `at_boot`: it starts with the appliance alone, and no
    command names it.
    """

    name: str
    presents: tuple[str, ...] = ()
    trusts: bool = False
    activated: bool = True
    at_boot: bool = False


@dataclass(frozen=True)
class VosRole:
    """The properties of an appliance of this role."""

    product: str
    services: tuple[VosService, ...]
    certificate_commands: CertificateCommands = CertificateCommands.ALL
    ecdsa: bool = True  # has a tomcat-ECDSA certificate
    validity_days: int = 1825
    credential: str = "vos"
    trust_units: tuple[str, ...] = (TRUST_UNIT,)  # its trust lists

    @property
    def port_keys(self) -> tuple[str, ...]:
        """The keys of the inventory's `ports`, SSH first."""
        return ("ssh", *(key for service in self.services for key in service.presents))


@dataclass(frozen=True)
class VosRelease:
    """The differences between releases of the platform."""

    active_version: str
    os_version: str
    dump: Dump
    names_with_serial: bool  # of the files in tomcat-trust
    password_method: bool  # SSH takes `password` beside `keyboard-interactive`


WEB = VosService("Cisco Tomcat", presents=("tomcat",), trusts=True)
PLATFORM = (
    VosService("Cisco Audit Event Service"),
    VosService("Cisco CDP"),
    VosService("Cisco Certificate Change Notification"),
    VosService("Cisco Certificate Expiry Monitor"),
    VosService("Cisco DRF Local"),
    VosService("Cisco DRF Master"),
    WEB,
)
FINESSE = VosService("Cisco Finesse Tomcat", presents=("finesse",), trusts=True)
REPORTING = VosService("Intelligence Center Reporting Service", presents=("cuic",), trusts=True)
LIVE_DATA = VosService("CCE Live Data NGINX Service", presents=("live_data",), trusts=True)
IDENTITY = VosService("Cisco Identity Service", presents=("ids",), trusts=True)
ENGINE = VosService("Engine", trusts=True)
SIP_STACK = VosService("SIP", trusts=True, at_boot=True)  # secure SIP asks for `utils system restart`

ROLES: Mapping[str, VosRole] = {
    "cucm": VosRole(
        "Cisco Unified Communications Manager",
        (
            VosService("Cisco AMC Service"),
            *PLATFORM,
            VosService("Cisco CallManager"),
            VosService("Cisco CTIManager"),
            VosService("Cisco DirSync", activated=False),
        ),
        trust_units=(TRUST_UNIT, CALLMANAGER_TRUST),
    ),
    "finesse": VosRole(
        "Cisco Finesse", (*PLATFORM, FINESSE, VosService("Cisco Finesse Notification Service")), ecdsa=False
    ),
    "cuic": VosRole(
        "Cisco Unified Intelligence Center", (*PLATFORM, REPORTING), CertificateCommands.NO_DELETE, ecdsa=False
    ),
    "live_data": VosRole("Cisco Live Data", (*PLATFORM, LIVE_DATA), CertificateCommands.NO_DELETE, ecdsa=False),
    "ids": VosRole("Cisco Identity Service", (*PLATFORM, IDENTITY), CertificateCommands.NO_DELETE, ecdsa=False),
    "cuic_coresident": VosRole(
        "Cisco Unified Intelligence Center",
        (*PLATFORM, REPORTING, LIVE_DATA, IDENTITY),
        CertificateCommands.NO_DELETE,
        ecdsa=False,
    ),
    "cloud_connect": VosRole("Cisco Cloud Connect", PLATFORM, CertificateCommands.NONE, ecdsa=False),
    "vvb": VosRole(
        "Cisco Virtualized Voice Browser",
        (
            *PLATFORM,
            VosService("Administration"),
            VosService("Cisco Speechserver"),
            VosService("Cluster View Daemon"),
            VosService("Database"),
            ENGINE,
            VosService("Platform Administrative Web Service"),
            VosService("Platform Communication Web Service"),
            VosService("WebServices"),
            SIP_STACK,
        ),
        CertificateCommands.NONE,
        ecdsa=False,
        validity_days=730,
    ),
    "customer_collaboration": VosRole("Cisco Customer Collaboration Platform", PLATFORM, ecdsa=False),
}

RELEASES: Mapping[str, VosRelease] = {
    "12.5(1)": VosRelease("12.5.1.10000-22", "7.0.0.0-4", Dump.A, names_with_serial=False, password_method=True),
    "12.5(2)": VosRelease("12.5.2.10000-18", "7.0.0.0-4", Dump.A, names_with_serial=False, password_method=True),
    "12.6(1)": VosRelease("12.6.1.10000-24", "7.0.0.0-4", Dump.A, names_with_serial=False, password_method=True),
    "12.6(2)": VosRelease("12.6.2.10000-26", "7.0.0.0-4", Dump.A, names_with_serial=False, password_method=True),
    "15.0(1)": VosRelease("15.0.1.10000-32", "8.0.0.0-1", Dump.B, names_with_serial=True, password_method=False),
}


@dataclass(frozen=True)
class About:
    """The properties of a node in a site file."""

    fqdn: str
    role: str
    release: str
    node: str = "publisher"  # or `subscriber`

    @property
    def hostname(self) -> str:
        """The bare name."""
        return self.fqdn.partition(".")[0]

    @property
    def role_data(self) -> VosRole:
        """The properties of an appliance of its role."""
        return ROLES[self.role]

    @property
    def release_data(self) -> VosRelease:
        """The properties of its release."""
        return RELEASES[self.release]
