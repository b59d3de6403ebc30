"""The roles of the lab's Windows hosts: ONE table, with their services, stores and what setup leaves behind.

What differs between releases is in `lab.tables.releases`; VOS appliances have their own table (`lab.tables.vos_roles`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lab.tables.releases import JAVA_CACERTS, Release

SECURITY_PROPERTIES = r"{cvp_home}\conf\security.properties"
PROCRUN = r"HKLM\SOFTWARE\Wow6432Node\Apache Software Foundation\Procrun 2.0"
ICM_SETTINGS = r"HKLM\SOFTWARE\Cisco Systems, Inc.\ICM\SystemSettings"
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
SYSTEM_ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"


@dataclass(frozen=True)
class StoreKind:
    """A Java store that an installer leaves. `keys` are aliases of factory key pairs, CN = the bare name."""

    path: str
    type: str
    password: str  # purpose: `keystore` and `truststore` are the host's own, anything else is the password itself
    keys: tuple[str, ...] = ()
    authorities: bool = False  # holds the made-up certification authorities


@dataclass(frozen=True)
class Service:
    """A Windows service and what it loads when it starts.

    `presents` pairs a key of the inventory's `ports` with an alias of the store `presents_from`, or with the address of
    an SSL binding. What it trusts is said by its Procrun registry key (`procrun`) or is a store of the host (`trusts`).
    """

    name: str
    display_name: str
    presents: Mapping[str, str] = field(default_factory=dict)
    presents_from: str = ""  # a name in the role's `stores`; empty: the machine store, by SSL binding
    procrun: str = ""
    procrun_jvm: str = ""
    procrun_store: str = ""  # the trust store, a name in `stores`, that its Java options name if they name one
    trusts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binding:
    """An SSL binding of http.sys that setup made, with a certificate of its own in the machine store."""

    ip_port: str
    application_id: str
    organizational_unit: str


@dataclass(frozen=True)
class Role:
    """The properties of a host of this role."""

    services: tuple[Service, ...] = ()
    stores: Mapping[str, StoreKind] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()  # before the system's own folders in PATH
    markers: tuple[str, ...] = ()
    bindings: tuple[Binding, ...] = ()
    imports_into: str = ""  # the store of the certificates it trusts; empty: it imports nothing
    cce: bool = False  # has the CCE's Java, as the release defines
    truststore_password: bool = False  # the inventory names a password for its trust store
    credential: str = "windows"

    @property
    def port_keys(self) -> tuple[str, ...]:
        """The keys of the inventory's `ports` on which it presents certificates."""
        return tuple(key for service in self.services for key in service.presents)


MACHINE_STORES = ("MY", "ROOT", "CA")  # of Windows: those into which CiscoCertUtil installs certificates
CVP_KEYSTORE = r"{cvp_home}\conf\security\.keystore"
CALLSERVER = Service(
    "callserver",
    "Cisco CVP CallServer",
    presents={"callserver_sip": "callserver_certificate", "callserver_https": "callserver_certificate"},
    presents_from="keystore",
    trusts=("keystore",),
)
WEB_SERVICES_MANAGER = Service(
    "WebServicesManager",
    "Cisco CVP WebServicesManager",
    presents={"wsm": "wsm_certificate"},
    presents_from="keystore",
    procrun="WebServicesManager",
    procrun_jvm=r"{cvp_home}\jre\bin\server\jvm.dll",
    procrun_store="keystore",
    trusts=("keystore",),  # its own code opens it if no option of its JVM names one
)
VXML_SERVER = Service(
    "vxmlserver",
    "Cisco CVP VXMLServer",
    presents={"vxml": "vxml_certificate"},
    presents_from="keystore",
    procrun="VXMLServer",
    procrun_jvm=r"{cvp_home}\jre\bin\server\jvm.dll",
    procrun_store="keystore",  # where its options name one: else web service elements of call flows use the JVM's own
)
SNMP_MANAGEMENT = Service("Cisco CVP SNMP Management", "Cisco CVP SNMP Management")
JRE_CACERTS = StoreKind(r"{cvp_home}\jre\lib\security\cacerts", "JKS", "changeit", authorities=True)
DECRYPT_KEYSTORE_UTIL = r"{cvp_home}\bin\DecryptKeystoreUtil.bat"
SERVICE_CONTROLLER = r"{cvp_home}\bin\ServiceController\service-controller.bat"
MAINTENANCE_MODE = r"{icm}\bin\ExecuteMaintMode.ps1"
CURL = r"C:\Windows\System32\curl.exe"  # a part of Windows since Server 2019
CVP_MARKERS = (
    r"{cvp_home}\jre\bin\java.exe",
    r"{cvp_home}\jre\bin\keytool.exe",
    r"{cvp_home}\jre\bin\server\jvm.dll",
    r"{cvp_home}\bin\JREUpdate.bat",
    SERVICE_CONTROLLER,
    r"{cvp_home}\conf\sip.properties",
    r"{cvp_home}\conf\ivr.properties",
    r"{cvp_home}\logs\CVP\CVP.log",
)
ORM_KEYSTORE = StoreKind(r"{cvp_home}\conf\security\.ormKeystore", "JCEKS", "keystore", keys=("vxml_root_certificate",))

CALL_STUDIO_CACERTS = r"C:\Cisco\CallStudio\eclipse\jre\lib\security\cacerts"

IIS = Service("W3SVC", "World Wide Web Publishing Service", presents={"iis": "0.0.0.0:443"})
PORTICO = Service("diagfwsvc", "Diagnostic Framework", presents={"dfp": "0.0.0.0:7890"})
# The name from base 12.5(1) on.
TOMCAT = Service(
    "Tomcat9",
    "Apache Tomcat9",
    procrun="Tomcat9",
    procrun_jvm=r"{java_home}\bin\client\jvm.dll",
    procrun_store="cacerts",
)
IIS_BINDING = Binding("0.0.0.0:443", "{4dc3e181-e14b-4a21-b022-59fc669b0914}", "Web Setup")
PORTICO_BINDING = Binding("0.0.0.0:7890", "{f2f2c9d8-6a3c-4a0b-9d6f-51d7f35f5c12}", "Diagnostic Framework")
CCE_MARKERS = (
    r"{java_home}\bin\java.exe",
    r"{java_home}\bin\keytool.exe",
    r"{java_home}\bin\client\jvm.dll",
    r"{icm}\serviceability\diagnostics\bin\DiagFwCertMgr.exe",
    r"{icm}\bin\icmsetup.exe",
)
TOMCAT_MARKERS = (r"{icm}\tomcat\bin\tomcat9.exe", r"{icm}\tomcat\conf\server.xml")


def _cce(*, tomcat: bool, own_password: bool) -> Role:
    """Return a Windows server of the CCE: IIS, Portico, a Java trust store."""
    password = "truststore" if own_password else "changeit"  # a purpose, or what Java ships with
    return Role(
        services=(IIS, PORTICO, TOMCAT) if tomcat else (IIS, PORTICO),
        stores={"cacerts": StoreKind("{truststore}", "JKS", password, authorities=True)},
        environment={"ICM_HOME": "{icm}"},
        path=(r"{icm}\bin",),
        markers=(*CCE_MARKERS, *(TOMCAT_MARKERS if tomcat else ())),
        bindings=(IIS_BINDING, PORTICO_BINDING),
        imports_into="cacerts",
        cce=True,
        truststore_password=own_password,
    )


ROLES: Mapping[str, Role] = {
    "ads": _cce(tomcat=True, own_password=True),
    "rogger": _cce(tomcat=True, own_password=True),
    # The Tomcat utility is for all virtual machines of the CCE; a PG and an HDS are told to restart theirs. These hosts
    # have none unless a site file says `tomcat: true`, so that hosts with and without one can be rehearsed.
    "router": _cce(tomcat=False, own_password=False),
    "logger": _cce(tomcat=True, own_password=False),
    "hds": _cce(tomcat=False, own_password=False),
    "pg": _cce(tomcat=False, own_password=False),
    "ece": Role(services=(IIS,), bindings=(IIS_BINDING,)),
    "cvp": Role(
        services=(WEB_SERVICES_MANAGER, VXML_SERVER, CALLSERVER, SNMP_MANAGEMENT),
        stores={
            "keystore": StoreKind(
                CVP_KEYSTORE,
                "JCEKS",
                "keystore",
                keys=("wsm_certificate", "vxml_certificate", "callserver_certificate"),
            ),
            "orm": ORM_KEYSTORE,
            "jre_cacerts": JRE_CACERTS,
        },
        environment={"CVP_HOME": "{cvp_home}"},
        path=(r"{cvp_home}\bin",),
        markers=(*CVP_MARKERS, r"{cvp_home}\VXMLServer\Tomcat\conf\server.xml"),
        imports_into="keystore",
    ),
    "cvp_reporting": Role(
        services=(
            WEB_SERVICES_MANAGER,
            CALLSERVER,
            Service("cvp", "Informix IDS - cvp"),
            SNMP_MANAGEMENT,
        ),
        stores={
            "keystore": StoreKind(
                CVP_KEYSTORE, "JCEKS", "keystore", keys=("wsm_certificate", "callserver_certificate")
            ),
            "jre_cacerts": JRE_CACERTS,
        },
        environment={"CVP_HOME": "{cvp_home}", "INFORMIXDIR": r"C:\Cisco\CVP\informix"},
        path=(r"{cvp_home}\bin",),
        markers=CVP_MARKERS,
        imports_into="keystore",
    ),
    # A workbench without a service: it reads its store whenever a call flow is debugged.
    "call_studio": Role(
        stores={"jre_cacerts": StoreKind(CALL_STUDIO_CACERTS, "JKS", "changeit", authorities=True)},
        markers=(
            r"C:\Cisco\CallStudio\eclipse\eclipse.exe",
            r"C:\Cisco\CallStudio\eclipse\jre\bin\java.exe",
            r"C:\Cisco\CallStudio\eclipse\jre\bin\keytool.exe",
        ),
        imports_into="jre_cacerts",
    ),
}


def with_tomcat(role: Role, has: bool) -> Role:  # noqa: FBT001
    """Return the role with Apache Tomcat if `has`, else without it; its other services stay."""
    without = tuple(service for service in role.services if service is not TOMCAT)
    return replace(role, services=(*without, TOMCAT) if has else without)


def stores_of(role: Role, release: Release) -> Mapping[str, StoreKind]:
    """Return the stores of a host: its role's, and `java_cacerts` if the release's trust store is another one.

    `java_cacerts` is the Java home's own store. An administrator opens both alike.
    """
    if not role.cce or release.truststore == JAVA_CACERTS:
        return role.stores
    return {**role.stores, "java_cacerts": replace(role.stores["cacerts"], path=JAVA_CACERTS)}


_POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0"
SYSTEM_FOLDERS = (r"C:\Windows\system32", r"C:\Windows", r"C:\Windows\System32\Wbem", _POWERSHELL)
SYSTEM_PROGRAMS = (
    *("attrib.exe", "certutil.exe", "cmd.exe", "fc.exe", "findstr.exe", "hostname.exe", "icacls.exe", "net.exe"),
    *("netsh.exe", "reg.exe", "sc.exe", "where.exe", "whoami.exe", "xcopy.exe", "chcp.com", "more.com"),
    r"wbem\WMIC.exe",
    r"WindowsPowerShell\v1.0\powershell.exe",
)
SYSTEM_MARKERS = (
    *(rf"C:\Windows\System32\{program}" for program in SYSTEM_PROGRAMS),
    r"C:\Windows\System32\drivers\etc\hosts",
)
SYSTEM_DIRECTORIES = (r"C:\temp", r"C:\Windows\Temp", r"C:\Users\Public", r"C:\ProgramData", r"C:\Program Files")
