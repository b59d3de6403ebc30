"""A lab as a site: what is on its drives, and an engineer who types commands on its hosts."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jks
import yaml
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificates
from winrm.protocol import Protocol

from tests.lab.hosts.labs import LabProcess, lab_process

DUO = """
site: duo
release: "12.5(1)"
certificate:
  {organizational_unit: Contact Center, organization: "Duo, Inc.", locality: San Jose, state: California, country: US,
   validity_days: 1095, san: required, renew: needed, renew_below_days: 180}
credentials: {windows: {username: 'LAB\\runbook'}, cvp_local: {username: administrator}}
role_credentials: {cvp: cvp_local}
hosts:
  - {fqdn: awa.duo.example, role: ads, side: A, principal: true}
  - {fqdn: cvpa.duo.example, role: cvp, side: A, also_trusted_by: []}
"""
_RESTART = r"@sc start|utils (system|service|vvb) restart"
ADS, CVP = "awa.duo.example", "cvpa.duo.example"
_JAVA = ("Program Files (x86)/Java/jre1.8.0_221/lib/security/cacerts", r"%JAVA_HOME%\lib\security\cacerts")
_KEYSTORE = ("Cisco/CVP/conf/security/.keystore", r"%CVP_HOME%\conf\security\.keystore")
_STUDIO = r"C:\Cisco\CallStudio\eclipse\jre\lib\security\cacerts"
_OF_THE_CCE = ("ads", "rogger", "router", "logger", "hds", "pg")
_STORES = {
    **dict.fromkeys(_OF_THE_CCE, _JAVA),
    **dict.fromkeys(("cvp", "cvp_reporting"), _KEYSTORE),
    "call_studio": (_STUDIO.removeprefix("C:\\").replace("\\", "/"), _STUDIO),
}
_OPENJDK = "Program Files (x86)/OpenJDK/jre-8.0.{}-hotspot/lib/security/cacerts"
SECOND = {"12.6(2)": _OPENJDK.format("432.06"), "15.0(1)": _OPENJDK.format("412.08")}  # of an ADS, for WSM alone
JRE = "Cisco/CVP/jre/lib/security/cacerts"  # a CVP server's further store, for what call flows call
_DECRYPT = r'@"%CVP_HOME%\bin\DecryptKeystoreUtil.bat"'
_KEYTOOL = {"ads": r"%JAVA_HOME%\bin\keytool.exe", "cvp": r"%CVP_HOME%\jre\bin\keytool.exe"}


@dataclass(frozen=True)
class SiteLab:
    """A running lab, seen from outside: its folders, its inventory, its ports."""

    process: LabProcess
    heard_before: int = 0  # lines of the audit log that came with the copy

    @property
    def inventory_file(self) -> Path:
        """The inventory that the lab wrote."""
        return self.process.inventory_file

    @cached_property
    def inventory(self) -> dict[str, Any]:
        """The same, read."""
        return self.process.inventory

    @cached_property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """Its hosts by FQDN."""
        return {host["fqdn"]: host for host in self.inventory["hosts"]}

    def of_role(self, *roles: str) -> list[str]:
        """The FQDNs of hosts with one of these roles."""
        return [fqdn for fqdn, host in self.hosts.items() if host["role"] in roles]

    def folder(self, fqdn: str) -> Path:
        """A host's folder in the lab's state."""
        return self.process.state / "hosts" / fqdn

    @cached_property
    def keepers(self) -> list[str]:
        """The hosts that keep a Java store into which somebody brings certificates."""
        return self.of_role(*_STORES)

    def endpoint(self, fqdn: str, port: str) -> tuple[str, int]:
        """Where a host or web service presents something."""
        if fqdn in self.hosts:
            return self.hosts[fqdn]["address"], self.hosts[fqdn]["ports"][port]
        service = next(one for one in self.inventory["web_services"] if one["fqdn"] == fqdn)
        return service["address"], service["port"]

    @cached_property
    def _authorities(self) -> dict[str, frozenset[str]]:
        files = {one["fqdn"]: one["ca_file"] for one in self.inventory.get("web_services", []) if "ca_file" in one}
        return {
            fqdn: frozenset(
                one.fingerprint(SHA256()).hex()
                for one in load_pem_x509_certificates((self.inventory_file.parent / file).read_bytes())
            )
            for fqdn, file in files.items()
        }

    def authorities(self, fqdn: str) -> frozenset[str]:
        """The fingerprints of the CA's certificates that the inventory gives for a web service."""
        return self._authorities.get(fqdn, frozenset())

    def store_file(self, fqdn: str, further: str = "") -> Path:
        """The file of a host's live store: of the main one, or of a further one on its drive."""
        role = self.hosts[fqdn]["role"]
        own = self._of_the_cce(fqdn) if role in _OF_THE_CCE else _STORES[role][0]
        return self.folder(fqdn) / "C" / (further or own)

    def _noted(self, fqdn: str, key: str) -> dict[str, Any]:
        """The values of a key of a host's registry."""
        registry = json.loads((self.folder(fqdn) / "registry.json").read_text(encoding="utf-8"))
        return {name: one["data"] for name, one in next(v for k, v in registry.items() if k.endswith(key)).items()}

    def _of_the_cce(self, fqdn: str) -> str:
        """The trust store of a server of the CCE: before 12.6 that of its Java home, then the ICM's."""
        if self.release(fqdn).startswith("12.5"):
            variables = self._noted(fqdn, r"\Environment")
            place = str(variables.get("CCE_JAVA_HOME") or variables["JAVA_HOME"]) + r"\lib\security\cacerts"
        else:
            place = self._noted(fqdn, r"\ICM\SystemSettings")["InstallPath"] + r"\ssl\cacerts"
        return str(place).removeprefix("C:\\").replace("\\", "/")

    def release(self, fqdn: str) -> str:
        """A host's release."""
        return str(self.hosts[fqdn].get("release", self.inventory["release"]))

    def call_flow_store(self, fqdn: str) -> str:
        """The store that a CVP server's vxmlserver is told to read: cacerts of the JRE, or the main one (empty)."""
        options = self._noted(fqdn, r"\VXMLServer\Parameters\Java")["Options"]
        return "" if any(one.startswith("-Djavax.net.ssl.trustStore=") for one in options) else JRE

    def store_password(self, fqdn: str, further: str = "") -> str:
        """The password of a host's store, from where the host itself has it."""
        if "truststore_credential" in self.hosts[fqdn]:
            return self._secret(self.hosts[fqdn]["truststore_credential"])
        if further or self.hosts[fqdn]["role"] not in ("cvp", "cvp_reporting"):
            return "changeit"
        return self._keystore_password(fqdn)

    def _keystore_password(self, fqdn: str) -> str:
        if fqdn not in self._keystore_passwords:
            text = (self.folder(fqdn) / "C/Cisco/CVP/conf/security.properties").read_text(encoding="utf-8")
            line = next(line for line in text.splitlines() if line.startswith("Security.keystorePW"))
            password = line.partition("=")[2].strip()
            if self.release(fqdn) in SECOND:
                password = self.type_in(fqdn, _DECRYPT).strip().splitlines()[-1].rpartition(" ")[2]
            self._keystore_passwords[fqdn] = password
        return self._keystore_passwords[fqdn]

    @cached_property
    def _keystore_passwords(self) -> dict[str, str]:
        return {}

    def entries(self, fqdn: str, further: str = "") -> dict[str, str]:
        """What a live store holds: alias -> SHA-256 of its (first) certificate."""
        store = self._open(fqdn, further)
        certificates = {alias: entry.cert for alias, entry in store.certs.items()}
        certificates |= {alias: entry.cert_chain[0][1] for alias, entry in store.private_keys.items()}
        return {alias: hashlib.sha256(der).hexdigest() for alias, der in certificates.items()}

    def trusted(self, fqdn: str, further: str = "") -> dict[str, bytes]:
        """The trusted certificates on disk: alias -> DER."""
        return {alias: entry.cert for alias, entry in self._open(fqdn, further).certs.items()}

    def _open(self, fqdn: str, further: str) -> jks.KeyStore:
        path, password = self.store_file(fqdn, further), self.store_password(fqdn, further)
        return jks.KeyStore.load(str(path), password, try_decrypt_keys=False)

    def keys(self, fqdn: str) -> list[tuple[bytes, bytes]]:
        """The private keys of the live store, each as it is protected in the file and as it is (PKCS #8)."""
        path, password = str(self.store_file(fqdn)), self.store_password(fqdn)
        protected = jks.KeyStore.load(path, password, try_decrypt_keys=False).private_keys
        opened = jks.KeyStore.load(path, password).private_keys
        return [(protected[alias]._encrypted, entry.pkey_pkcs8) for alias, entry in opened.items()]

    def passwords(self) -> set[str]:
        """Every password that exists in this lab, but for Java's own that everybody knows."""
        files = (self.inventory_file.parent / "secrets").iterdir()
        logins = {path.read_text(encoding="utf-8").strip() for path in files}
        return (logins | {self.store_password(fqdn) for fqdn in self.keepers}) - {"changeit"}

    def audit(self) -> list[dict[str, Any]]:
        """The lab's audit log; a line that is being written is not told yet."""
        text = (self.process.state / "audit.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.split("\n")[:-1]]

    def restarts(self, since: int = 0, until: int | None = None) -> list[tuple[str, str]]:
        """What was restarted between two lines of the audit log, in its order: bare host name and command."""
        lines = [line for line in self.audit()[since:until] if re.match(_RESTART, line["text"])]
        return [(line["host"].partition(".")[0], line["text"]) for line in lines]

    def trust_list(self, fqdn: str) -> dict[str, bytes]:
        """The entries of a VOS node's tomcat-trust."""
        return {path.name: path.read_bytes() for path in (self.folder(fqdn) / "trust" / "tomcat-trust").iterdir()}

    def machine_store(self, fqdn: str, store: str) -> set[str]:
        """The SHA-1 fingerprints of the certificates in a Windows machine's own store (MY, ROOT, CA)."""
        content = json.loads((self.folder(fqdn) / "registry.json").read_text(encoding="utf-8"))
        above = rf"SystemCertificates\{store}\Certificates\\".rstrip("\\") + "\\"
        return {key.rpartition("\\")[2].lower() for key in content if above in key}

    def drives(self) -> dict[str, tuple[str, int]]:
        """Every file on every drive and in every trust list: its SHA-256 and its time of modification."""
        places = (self.folder(fqdn) / place for fqdn in self.hosts for place in ("C", "trust"))
        files = (path for place in places for path in place.rglob("*") if path.is_file())
        return {str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files}

    # -- the engineer -------------------------------------------------------------------------------------------------

    def type_in(self, fqdn: str, line: str, **environment: str) -> str:
        """Type a line on a host, as an engineer would; its output. It must work."""
        host = self.hosts[fqdn]
        credential = self.inventory["role_credentials"].get(host["role"], "windows")
        protocol = Protocol(
            f"https://{host['address']}:{host['ports']['winrm']}/wsman",
            transport="ntlm",
            username=self.inventory["credentials"][credential]["username"],
            password=self._secret(credential),
            server_cert_validation="ignore",
            proxy=None,
        )
        shell = protocol.open_shell(codepage=65001, env_vars=environment)
        try:
            command = protocol.run_command(shell, line)
            out, err, code = protocol.get_command_output(shell, command)
            protocol.cleanup_command(shell, command)
        finally:
            protocol.close_shell(shell)
        output = (out + err).decode()
        assert code == 0, f"{line}: {code}: {output}"
        return output

    def keytool(self, fqdn: str, arguments: str) -> str:
        """Type a keytool line against a host's live store."""
        role = self.hosts[fqdn]["role"]
        kind = "JKS" if role == "ads" else "JCEKS"
        store = f'-storetype {kind} -keystore "{_STORES[role][1]}" -storepass:env PW'
        line = f'@"{_KEYTOOL[role]}" {arguments} {store}'
        return self.type_in(fqdn, line, PW=self.store_password(fqdn))

    def restart(self, fqdn: str, *services: str) -> None:
        """Restart services, as an engineer would."""
        for service in services:
            self.type_in(fqdn, f"net stop {service} && net start {service}")

    def _secret(self, credential: str) -> str:
        path: str = self.inventory["credentials"][credential]["password"]["file"]
        return (self.inventory_file.parent / path).read_text(encoding="utf-8").strip()

    def fail(self, *, host: str = "*", **fault: object) -> None:
        """Let hosts fail from now on, in this way alone; see lab/faults/kinds.py for the kinds."""
        self.fail_in_many_ways(*([{"host": host, **fault}] if fault else []))

    def fail_in_many_ways(self, *faults: Mapping[str, object]) -> None:
        """The same in several ways at once."""
        path = self.process.state / "faults.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps({"faults": faults}), encoding="utf-8")
        draft.replace(path)

    def set_registry(self, fqdn: str, key: str, name: str, text: str) -> None:
        """Write a string value into a host's registry."""
        path = self.folder(fqdn) / "registry.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        content.setdefault(key, {})[name] = {"type": "REG_SZ", "data": text}
        path.write_text(json.dumps(content), encoding="utf-8")

    def move(self, fqdn: str, key: str, port: int) -> None:
        """Let the inventory say that something of a host (`winrm`, `iis` ...), or a web service, has another port."""
        content = self.process.inventory
        for one in content["hosts"]:
            if one["fqdn"] == fqdn:
                one["ports"][key] = port
        for one in content.get("web_services", []):
            if one["fqdn"] == fqdn:
                one["port"] = port
        self.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def edit_host(self, fqdn: str, **keys: object) -> None:
        """Change keys of a host in the inventory."""
        content = self.process.inventory
        next(host for host in content["hosts"] if host["fqdn"] == fqdn).update(keys)
        self.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")

    def edit_inventory(self, **certificate: object) -> None:
        """Change keys of the inventory's `certificate` block."""
        content = self.process.inventory
        content["certificate"] |= certificate
        self.inventory_file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@contextmanager
def site_lab(folder: Path, *options: str, site: str = "minimal", like: Path | None = None) -> Iterator[SiteLab]:
    """A lab of this site (a name, or a site file's text); `like` is a state to start from a copy of."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state"
    if like is not None:
        shutil.copytree(like, state)
    audit = state / "audit.jsonl"
    heard_before = audit.read_text(encoding="utf-8").count("\n") if audit.exists() else 0
    name = site
    if "\n" in site:
        file = folder / "site.yaml"
        file.write_text(site, encoding="utf-8")
        name = str(file)
    with lab_process(folder, *options, site=name, state=state) as process:
        yield SiteLab(process, heard_before)
