"""Real outputs and files: what is altered to find out what a parser makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from fixtures.plan.plan import digest
from lab.windows.spoken import LANGUAGES
from reports.seal import manifest
from tests.checks import made, odd
from tests.fixtures.inventory.example import EXAMPLE, SMALL
from tests.fixtures.parsers import transcripts, transcripts_languages
from tests.fixtures.parsers.vos import transcripts as transcripts_vos
from tests.reports import changes, plans

ROOT = Path(__file__).parents[2]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _texts(one)


def _of(*modules: ModuleType) -> tuple[str, ...]:
    """Every text that stands in these modules of transcripts."""
    values = (value for module in modules for name, value in vars(module).items() if name.isupper())
    return tuple(dict.fromkeys(text for value in values for text in _texts(value) if text))


WINDOWS = _of(transcripts, transcripts_languages)
NODE = _of(transcripts_vos)
PAGES = tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "lab/vos/pages/templates").glob("*.html")))
CERTIFICATE = made.certificate()
PEM = CERTIFICATE.pem
CERTIFICATES = (CERTIFICATE.der, *(one.certificate.der for one in odd.KINDS.values()))
_ENTRY = "{}: tomcat\n{}: Nov 22, 2026\n{}: {}\n\n{}\n\n*******************************************\n"
# The labels of keytool's listing in the languages that it speaks, and in one that it does not.
_LABELS = {
    "en": ("Alias name", "Creation date", "Entry type", "Your keystore contains 2 entries"),
    "de": ("Aliasname", "Erstellungsdatum", "Eintragstyp", "Keystore enthält 2 Einträge"),
    "ja": ("別名", "作成日", "エントリ・タイプ", "キーストアには2エントリが含まれます"),
    "zh": ("别名", "创建日期", "条目类型", "您的密钥库包含 2 个条目"),
    "fr": ("Nom d'alias", "Date de création", "Type d'entrée", "Votre fichier de clés d'accès contient 2 entrées"),
}
KEYTOOL = (
    *(
        f"Keystore type: JKS\n\n{counted}\n\n"
        + _ENTRY.format(alias, date, kind, "trustedCertEntry", PEM)
        + _ENTRY.format(alias, date, kind, "PrivateKeyEntry", PEM)
        for alias, date, kind, counted in _LABELS.values()
    ),
    "keytool error: java.io.IOException: keystore password was incorrect\n",
    "keytool-Fehler: java.lang.Exception: Alias <Tomcat> does not exist\n",
    f"Presented by cvp1a.example.com:8111\n{PEM}\nPresented by awa.example.com:443\nkeytool error: java.io.X: x\n",
    *(text for words in LANGUAGES.values() for text in _texts(vars(words))),
)
PROPERTIES = (
    "# a comment\r\nSecurity.keystorePW = se\\\r\n   cret\\u0041\r\nother: value\r\n",
    "Security.keystorePW=x\n",
)
CVP = ("The keystore password is : secret", "C:\\Cisco>java x\r\nsecret\r\nPress any key to continue . . . \r\n")
SPOG = (
    (
        "<results><statuses><status><name>SERVER_CONNECTION</name><category>OPERATION</category><level>OK</level>"
        "<machines><machine><machineType>CVP</machineType><name>cvpa</name></machine></machines></status></statuses>"
        "</results>"
    ),
    "<status>",
    "<machine><name>&amp;",
    "<a b='c'>",
)
JAVA = (
    'openjdk version "1.8.0_352"\nOpenJDK Runtime Environment\n',
    'java version "17.0.13" 2024-10-15 LTS\n',
    "Error: Could not find or load main class x\n",
    "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x0, 1, 0) failed\n",
)
FOLDERS = (
    "CVP_HOME=C:\\Cisco\\CVP\r\nCVP_HOME2=x\r\nlooked\r\n",
    "keytool.exe\r\nattributes --a------ looked\r\n",
    "C:\\Cisco\\CVP looked\r\n\\\\a\\b\\c looked\r\n",
    'note:\r\n"callserver" "vxmlserver"\r\nend of note\r\n',
    "held-by-abcd1234\r\nabcd1234.txt\r\nCHG1/abcd1234/pc/0123456789abcdef/ada/77/1234/L3RtcA/2026-11-22T12:00:00Z\r\n",
    "133769088000000000\r\n133769088000000001\r\n",
    "0000000: FE 20\r\n00000000: FE 3B\r\n00000001: ED 0D\r\n",
)
ACCESS = ("C:\\x BUILTIN\\Administrators:(OI)(CI)(F)\r\n     NT AUTHORITY\\SYSTEM:(OI)(CI)(F)\r\n\r\nSuccessfully\r\n",)
LAUNCHER = ("-vm\r\nC:\\jre\\bin\\server\\jvm.dll\r\n-vmargs\r\n-Djavax.net.ssl.trustStore=C:/x/cacerts\r\n-Xmx1g\r\n",)
REGISTRY = (
    (
        "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\a\\Parameters\\Java\r\n"
        "    Options    REG_MULTI_SZ    -Djavax.net.ssl.trustStore=C:\\x\\0-Xmx1g\r\n"
        "    Jvm    REG_SZ    C:\\j\\bin\\jvm.dll\r\n\r\n"
    ),
)
_SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
    'xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell" '
    'xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"><s:Header><a:RelatesTo>uuid:1</a:RelatesTo>'
    "</s:Header><s:Body>{}</s:Body></s:Envelope>"
)
WSMAN = (
    _SOAP.format(
        '<rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="1">YQ==</rsp:Stream>'
        '<rsp:Stream Name="stderr" CommandId="1" End="true"></rsp:Stream><rsp:CommandState CommandId="1" '
        'State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done">'
        "<rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>"
    ),
    _SOAP.format(
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>n</s:Text></s:Reason><s:Detail>"
        '<f:WSManFault Code="2150859173"><f:Message>quota</f:Message></f:WSManFault></s:Detail></s:Fault>'
    ),
)
HEADERS = ("Negotiate, NTLM", 'Basic realm="WSMAN", Negotiate TlRMTVNTUAAC', "Kerberos")
KNOWN_HOSTS = (
    (
        "# x\nfin1.example.com,192.0.2.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1bmRsZWQgd2l0aCAzMiBieXRlcyBoZXJlISEh\n"
        "@revoked * ssh-rsa AAAA\n|1|c2FsdA==|aGFzaA== ssh-ed25519 AAAA\n"
    ),
)
INVENTORIES = (EXAMPLE, SMALL, (ROOT / "docs/inventory.example.yaml").read_text(encoding="utf-8"))
MACHINES = (
    "MachineName,Address,HostName,MachineType\r\nCVP1A,192.0.2.21,cvp1a.example.com,4\r\nAW A,2001:db8::1,awa,25\r\n",
    "CVP1A;192.0.2.21;cvp1a.example.com;4\r\n(1 rows affected)\r\n",
    '#TYPE System.Data.DataRow\r\n"MachineName","Address","HostName","MachineType"\r\n"a","","b.c","12"\r\n',
)
MANIFESTS = (manifest.text_of({"a/b.txt": "0" * 64, "new\nline": "1" * 64, "runs/1/journal.jsonl": "2" * 64}).decode(),)
COMMANDS = (
    (
        '@fc /b "%CVP_HOME%\\conf\\security\\.keystore" "a\\base\\.keystore" >nul && cd /d "a\\staged" && '
        "copy /b .keystore+,, "
        '>nul && move /y .keystore "%CVP_HOME%\\conf\\security\\.keystore" && echo activated'
    ),
    '@mkdir "a\\base" 2>nul & xcopy /o /h /k /r /y "C:\\x\\.keystore" "a\\base" && echo copied',
    '@rmdir /s /q "%CVP_HOME%\\conf\\runbook-%RUNBOOK_CHANGE%" && echo gone',
    '@sc stop "callserver"',
)
ALLURE = (
    (
        '<!doctype html><html><head><script async src="https://www.googletagmanager.com/gtag/js?id=G"></script>'
        "<script>window.dataLayer = window.dataLayer || []</script></head><body><img src='data:x'>"
        '<script>window.allureReportOptions = {"a": 1}</script></body></html>'
    ),
)


@cache
def journals() -> tuple[str, ...]:
    """The journal of a change that came to its end, and of one that did not."""
    return tuple(_journal(write) for write in (changes.all_right, changes.failed_on_side_a, changes.interrupted))


def _journal(write: Any) -> str:
    with TemporaryDirectory() as folder:
        write(Path(folder) / "CHG1")
        return next(Path(folder).rglob("journal-*.jsonl")).read_text(encoding="utf-8")


@cache
def plan_files() -> tuple[str, ...]:
    """Plans: one that has looked, and one that has not."""
    every = (plans.content() | more for more in ({}, {"observed": plans.observed()}))
    return tuple(json.dumps(one | {"hash": digest(one)}) for one in every)


RESULTS = (
    json.dumps(
        {
            "uuid": "1",
            "fullName": "1.1.iii cvp",
            "status": "passed",
            "start": 1,
            "labels": [{"name": "outcome", "value": "done"}, {"name": "host", "value": "cvp"}],
            "parameters": [{"name": "host", "value": "cvp"}],
            "attachments": [{"name": "a", "source": "1-attachment.txt", "type": "text/plain"}],
            "steps": [{"name": "s", "status": "passed", "steps": [], "attachments": []}],
            "statusDetails": {"message": "m", "trace": "t"},
        }
    ),
)
HISTORIES = (json.dumps({"uuid": "1", "timestamp": 1, "site": "a", "kind": "change", "testResults": {"a": {}}}) + "\n",)
JUNIT = (
    (
        '<testsuites><testsuite failures="1" errors="0" skipped="0"><testcase name="a"><properties>'
        '<property name="outcome" value="could not find out"/></properties><failure message="x">y</failure></testcase>'
        '<testcase name="b"><skipped message="blocked: x"/></testcase></testsuite></testsuites>'
    ),
)
MEASURED = (
    (
        '{"site": "a", "runs": [{"run": "r", "began": "2026-11-22T12:00:00Z", "seconds": 1, "whole": true, "restarts": '
        '[{"host": "h", "service": "s", "began": "2026-11-22T12:00:00Z", "seconds": 2.5, "step": "1.4.iii"}]}]}'
    ),
)
