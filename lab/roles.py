"""What the lab's hosts are: ONE table of roles, with their services, stores and what an installer leaves behind.

`{java_home}` and `{cvp_home}` stand in paths for what the release and the product's setup chose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CVP_HOME = r"C:\Cisco\CVP"
SECURITY_PROPERTIES = r"{cvp_home}\conf\security.properties"
PROCRUN = r"HKLM\SOFTWARE\Wow6432Node\Apache Software Foundation\Procrun 2.0"
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
SYSTEM_ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"


@dataclass(frozen=True)
class Release:
    """What differs between releases. `environment` are system variables of a host of the CCE."""

    java_home: str
    environment: Mapping[str, str]


# No CCE_JAVA_HOME: that came with 12.5(1a) and the engineering special 55.
RELEASES: Mapping[str, Release] = {
    "12.5(1)": Release(r"C:\Program Files (x86)\Java\jre1.8.0_221", {"JAVA_HOME": "{java_home}"}),
}


@dataclass(frozen=True)
class StoreKind:
    """A Java store that an installer leaves. `keys` are aliases of factory key pairs, CN = `key_name`."""

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
    procrun_store: str = ""  # names the trust store in the Java options; empty: the JVM's own cacerts
    trusts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Binding:
    """An SSL binding of http.sys that setup made, with a certificate of its own in the machine store."""

    ip_port: str
    application_id: str
    organizational_unit: str


@dataclass(frozen=True)
class Role:
    """What a host of this role has."""

    credential: str
    services: tuple[Service, ...]
    stores: Mapping[str, StoreKind]
    environment: Mapping[str, str]
    path: tuple[str, ...]  # before the system's own folders in PATH
    markers: tuple[str, ...]
    bindings: tuple[Binding, ...] = ()
    truststore_password: bool = False  # the inventory names a password for its trust store

    @property
    def port_keys(self) -> tuple[str, ...]:
        """The keys of the inventory's `ports`, WinRM first."""
        return ("winrm", *(key for service in self.services for key in service.presents))


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
    procrun_store=CVP_KEYSTORE,
)
VXML_SERVER = Service(
    "vxmlserver",
    "Cisco CVP VXMLServer",
    presents={"vxml": "vxml_certificate"},
    presents_from="keystore",
    procrun="VXMLServer",
    procrun_jvm=r"{cvp_home}\jre\bin\server\jvm.dll",
    procrun_store=CVP_KEYSTORE,
    # Web service elements of call flows look here, whatever the server itself trusts.
    trusts=("jre_cacerts",),
)
SNMP_MANAGEMENT = Service("Cisco CVP SNMP Management", "Cisco CVP SNMP Management")
JRE_CACERTS = StoreKind(r"{cvp_home}\jre\lib\security\cacerts", "JKS", "changeit", authorities=True)
CVP_MARKERS = (
    r"{cvp_home}\jre\bin\java.exe",
    r"{cvp_home}\jre\bin\keytool.exe",
    r"{cvp_home}\jre\bin\server\jvm.dll",
    r"{cvp_home}\bin\JREUpdate.bat",
    r"{cvp_home}\bin\ServiceController\service-controller.bat",
    r"{cvp_home}\conf\sip.properties",
    r"{cvp_home}\conf\ivr.properties",
    r"{cvp_home}\logs\CVP\CVP.log",
)

ROLES: Mapping[str, Role] = {
    "ads": Role(
        credential="windows",
        services=(
            Service("W3SVC", "World Wide Web Publishing Service", presents={"iis": "0.0.0.0:443"}),
            Service("diagfwsvc", "Diagnostic Framework", presents={"dfp": "0.0.0.0:7890"}),
            Service("Tomcat9", "Apache Tomcat9", procrun="Tomcat9", procrun_jvm=r"{java_home}\bin\client\jvm.dll"),
        ),
        stores={"cacerts": StoreKind(r"{java_home}\lib\security\cacerts", "JKS", "truststore", authorities=True)},
        environment={"ICM_HOME": r"C:\icm"},
        path=(r"C:\icm\bin",),
        markers=(
            r"{java_home}\bin\java.exe",
            r"{java_home}\bin\keytool.exe",
            r"{java_home}\bin\client\jvm.dll",
            r"C:\icm\tomcat\bin\tomcat9.exe",
            r"C:\icm\tomcat\conf\server.xml",
            r"C:\icm\serviceability\diagnostics\bin\DiagFwCertMgr.exe",
            r"C:\icm\bin\icmsetup.exe",
        ),
        bindings=(
            Binding("0.0.0.0:443", "{4dc3e181-e14b-4a21-b022-59fc669b0914}", "Web Setup"),
            Binding("0.0.0.0:7890", "{f2f2c9d8-6a3c-4a0b-9d6f-51d7f35f5c12}", "Diagnostic Framework"),
        ),
        truststore_password=True,
    ),
    "cvp": Role(
        credential="windows",
        services=(WEB_SERVICES_MANAGER, VXML_SERVER, CALLSERVER, SNMP_MANAGEMENT),
        stores={
            "keystore": StoreKind(
                CVP_KEYSTORE,
                "JCEKS",
                "keystore",
                keys=("wsm_certificate", "vxml_certificate", "callserver_certificate"),
            ),
            "orm": StoreKind(
                r"{cvp_home}\conf\security\.ormKeystore", "JCEKS", "keystore", keys=("vxml_root_certificate",)
            ),
            "jre_cacerts": JRE_CACERTS,
        },
        environment={"CVP_HOME": "{cvp_home}"},
        path=(r"{cvp_home}\bin",),
        markers=(*CVP_MARKERS, r"{cvp_home}\VXMLServer\Tomcat\conf\server.xml"),
    ),
    "cvp_reporting": Role(
        credential="windows",
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
    ),
}

# Roles of a solution that the lab knows by name and cannot serve yet.
NOT_YET_SERVED = (
    "rogger",
    "router",
    "logger",
    "hds",
    "pg",
    "ece",
    "cucm",
    "finesse",
    "cuic",
    "live_data",
    "ids",
    "cuic_coresident",
    "cloud_connect",
    "vvb",
    "customer_collaboration",
    "call_studio",
)

SYSTEM_FOLDERS = (r"C:\Windows\system32", r"C:\Windows", r"C:\Windows\System32\Wbem")
SYSTEM_PROGRAMS = (
    *("certutil.exe", "cmd.exe", "fc.exe", "findstr.exe", "hostname.exe", "icacls.exe", "net.exe", "netsh.exe"),
    *("reg.exe", "sc.exe", "where.exe", "whoami.exe", "xcopy.exe", "chcp.com", "more.com", r"wbem\WMIC.exe"),
)
SYSTEM_MARKERS = (
    *(rf"C:\Windows\System32\{program}" for program in SYSTEM_PROGRAMS),
    r"C:\Windows\System32\drivers\etc\hosts",
)
SYSTEM_DIRECTORIES = (r"C:\temp", r"C:\Windows\Temp", r"C:\Users\Public", r"C:\ProgramData", r"C:\Program Files")
