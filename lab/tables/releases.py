"""The differences between releases on Windows hosts: ONE table; appliances have theirs in `lab.tables.vos_roles`.

`{java_home}`, `{cvp_home}`, `{icm}` and `{truststore}` stand in paths for what release and setup chose.
Where no source names a path, it is a guess and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

CVP_HOME = r"C:\Cisco\CVP"
ICM = r"C:\icm"
JAVA_CACERTS = r"{java_home}\lib\security\cacerts"
ICM_CACERTS = r"{icm}\ssl\cacerts"


class PasswordSource(Enum):
    """The place of the password of a CVP's keystore: the file that administrators and its services read."""

    PLAIN = "security.properties says it"
    SEALED = r"security.properties holds it encrypted; bin\DecryptKeystoreUtil.bat prints it"


@dataclass(frozen=True)
class Release:
    """A release as its installer leaves it. `environment`: system variables of hosts of the CCE.

    `names_stores`: whether the Java options of a CVP server's services name a trust store from the beginning.
    """

    java_home: str
    java_version: str
    environment: Mapping[str, str]
    truststore: str = ICM_CACERTS  # of Apache Tomcat
    wsm_twice: bool = False  # Tomcat's host also asks the Java home's own store about WSM certificates
    password_source: PasswordSource = PasswordSource.PLAIN
    cvp_java_version: str = "1.8.0_221"
    names_stores: bool = False

    def path(self, template: str, icm: str = ICM) -> str:
        """Return a path of the tables for hosts of this release."""
        named = template.replace("{truststore}", self.truststore)
        for name, value in (("{java_home}", self.java_home), ("{cvp_home}", CVP_HOME), ("{icm}", icm)):
            named = named.replace(name, value)
        return named


_OPENJDK = r"C:\Program Files (x86)\OpenJDK\jre-8.0."
RELEASES: Mapping[str, Release] = {
    # No CCE_JAVA_HOME: that came with 12.5(1a) and the engineering special 55.
    "12.5(1)": Release(
        r"C:\Program Files (x86)\Java\jre1.8.0_221", "1.8.0_221", {"JAVA_HOME": "{java_home}"}, JAVA_CACERTS
    ),
    "12.5(2)": Release(
        _OPENJDK + "362.09-hotspot",  # guess
        "1.8.0_362",
        {"CCE_JAVA_HOME": "{java_home}"},
        JAVA_CACERTS,
    ),
    "12.6(1)": Release(
        _OPENJDK + "292.10-hotspot",
        "1.8.0_292",
        # The old Java left a JAVA_HOME whose folder is gone: a program that reads it first does not find Java.
        {"CCE_JAVA_HOME": "{java_home}", "JAVA_HOME": r"C:\Program Files (x86)\Java\jre1.8.0_221"},
    ),
    "12.6(2)": Release(
        _OPENJDK + "432.06-hotspot",  # 8u432 by its guide; the folder's name is a guess
        "1.8.0_432",
        {"CCE_JAVA_HOME": "{java_home}"},
        wsm_twice=True,
        password_source=PasswordSource.SEALED,
    ),
    "15.0(1)": Release(
        _OPENJDK + "412.08-hotspot",  # guess
        "1.8.0_412",
        {"CCE_JAVA_HOME": "{java_home}"},
        wsm_twice=True,
        password_source=PasswordSource.SEALED,
        cvp_java_version="17.0.13",
        names_stores=True,
    ),
}
# 12.5(1) with the engineering special 55: another Java, and a variable of its own that names it.
WITH_OPENJDK: Mapping[str, Release] = {
    "12.5(1)": Release(
        _OPENJDK + "272.10-hotspot",
        "1.8.0_272",
        {"CCE_JAVA_HOME": "{java_home}", "JAVA_HOME": r"C:\Program Files (x86)\Java\jre1.8.0_221"},
        JAVA_CACERTS,
    ),
}
