"""What a host tells its programs: environment, registry, access lists, accounts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.accounts import HostAccounts, Refusals, account_of
from lab.audit import fingerprint_of_files
from lab.passwords import ALWAYS, Secrets
from lab.tables.roles import TCPIP
from lab.windows.host.acl import AccessLists
from lab.windows.host.drive import locate
from lab.windows.host.registry import Content, JsonRegistry, write
from tests.lab.hosts.labs import ADS, CVP, LabInside

SEED = Secrets(b"a seed of this test")


def test_a_shell_inherits_the_hosts_variables_in_any_case(duo: LabInside) -> None:
    host = duo.host(CVP)
    account = host.account("Administrator")
    assert account is not None
    assert account.elevated
    shell = host.open_shell(account, {"RUNBOOK_CHANGE": "CHG1", "cvp_home": r"D:\CVP"}, None, 65001)
    assert shell.environment["Cvp_Home"] == r"D:\CVP"
    assert shell.environment["COMSPEC"] == r"C:\Windows\system32\cmd.exe"
    assert shell.environment["RUNBOOK_CHANGE"] == "CHG1"
    assert shell.environment["computername"] == "CVPA"
    assert (shell.user, shell.directory, shell.codepage) == ("administrator", r"C:\Users\administrator", 65001)
    assert locate(host.drive, shell.environment["TEMP"]).is_dir()


def test_java_home_is_what_the_registry_says_now(duo: LabInside) -> None:
    host = duo.host(ADS)
    account = host.account(r"lab\RUNBOOK")
    assert account is not None
    assert host.open_shell(account, {}, None, 437).environment["JAVA_HOME"].endswith("jre1.8.0_221")
    assert "CCE_JAVA_HOME" not in host.open_shell(account, {}, None, 437).environment
    file = host.layout.registry_file
    file.write_text(file.read_text().replace("jre1.8.0_221", "jre1.8.0_300"))
    assert host.open_shell(account, {}, None, 437).environment["JAVA_HOME"].endswith("jre1.8.0_300")


def test_marker_files_stand_for_the_programs(duo: LabInside) -> None:
    for fqdn, program in ((CVP, r"c:\cisco\cvp\JRE\BIN\keytool.exe"), (ADS, r"C:\windows\SYSTEM32\findstr.exe")):
        assert locate(duo.host(fqdn).drive, program).is_file()


@pytest.fixture
def registry(tmp_path: Path) -> JsonRegistry:
    file = tmp_path / "registry.json"
    content: Content = {
        TCPIP: {"Hostname": ("REG_SZ", "awa")},
        r"HKLM\SOFTWARE\Wow6432Node\Vendor\Product": {"Options": ("REG_MULTI_SZ", ["a", "b"])},
        r"HKLM\SOFTWARE\Vendor": {},
    }
    write(file, content)
    return JsonRegistry(file)


@pytest.mark.parametrize(
    "key, view, found",
    [
        (r"HKEY_LOCAL_MACHINE\system\CurrentControlSet\services\TCPIP\parameters", 64, {"Hostname": ("awa",)}),
        (TCPIP, 32, {"Hostname": ("awa",)}),
        (r"HKLM\SOFTWARE\Vendor\Product", 32, {"Options": ("a", "b")}),
        (r"HKLM\SOFTWARE\Vendor\Product", 64, None),
        (r"HKLM\SOFTWARE\Wow6432Node\Vendor\Product", 64, {"Options": ("a", "b")}),
        (r"HKLM\SOFTWARE\Wow6432Node\Vendor\Product", 32, {"Options": ("a", "b")}),
        (r"HKLM\SOFTWARE\Wow6432Node", 64, {}),
        (r"HKLM\SOFTWARE\Nobody", 64, None),
    ],
)
def test_registry_views(registry: JsonRegistry, key: str, view: int, found: dict[str, tuple[str, ...]] | None) -> None:
    values = registry.values(key, view)
    assert (None if values is None else {value.name: value.data for value in values}) == found


def test_registry_subkeys(registry: JsonRegistry) -> None:
    assert set(registry.subkeys(r"hklm\software", 64)) == {"Wow6432Node", "Vendor"}
    assert registry.subkeys(r"HKLM\SOFTWARE", 32) == ("Vendor",)


@pytest.fixture
def access(tmp_path: Path) -> AccessLists:
    (tmp_path / "C/Folder").mkdir(parents=True)
    (tmp_path / "C/Folder/file").touch()
    return AccessLists(tmp_path / "acl.json", tmp_path / "C")


def test_access_is_inherited_until_it_is_set(access: AccessLists) -> None:
    assert access.get(r"C:\Folder\file") == (
        r"BUILTIN\Administrators:(I)(F)",
        r"NT AUTHORITY\SYSTEM:(I)(F)",
        r"BUILTIN\Users:(I)(RX)",
    )
    access.set(r"c:\folder", [r"BUILTIN\Administrators:(OI)(CI)(F)", r"LAB\x:(R)"])
    assert access.get(r"C:\Folder") == (r"BUILTIN\Administrators:(OI)(CI)(F)", r"LAB\x:(R)")
    assert access.get(r"C:\Folder\file") == (r"BUILTIN\Administrators:(I)(F)",)


def test_access_is_forgotten_with_the_path(access: AccessLists) -> None:
    access.set(r"C:\Folder\file", [r"LAB\x:(R)"])
    access.set(r"C:\Folderish", [r"LAB\x:(R)"])
    access.forget(r"C:\FOLDER")
    assert r"BUILTIN\Users:(I)(RX)" in access.get(r"C:\Folder\file")
    assert access.get(r"C:\Folderish") == (r"LAB\x:(R)",)


def host_accounts(refusals: Refusals, hostname: str, username: str) -> HostAccounts:
    return HostAccounts(hostname, "lab.example", [account_of(username, "secret")], refusals)


@pytest.mark.parametrize("username, other_host_locked", [(r"LAB\runbook", True), ("administrator", False)])
def test_five_refusals_lock_an_account(tmp_path: Path, username: str, *, other_host_locked: bool) -> None:
    refusals = Refusals(tmp_path / "refusals.json")
    first, second = (host_accounts(refusals, hostname, username) for hostname in ("one", "two"))
    for _ in range(4):
        first.refused(username)
    first.accepted(username)
    for _ in range(5):
        assert not first.locked_out(username)
        first.refused(username.upper())
    first.accepted(username)
    assert first.locked_out(username)
    assert second.locked_out(username) is other_host_locked
    assert json.loads((tmp_path / "refusals.json").read_text())


@pytest.mark.parametrize(
    "username, spelling",
    [
        (r"LAB\runbook", "runbook@lab.example"),
        (r"LAB\runbook", r"lab\Runbook"),
        ("administrator", r"ONE\administrator"),
        ("administrator", r".\Administrator"),
    ],
)
def test_an_account_is_found_however_it_is_written(tmp_path: Path, username: str, spelling: str) -> None:
    accounts = host_accounts(Refusals(tmp_path / "refusals.json"), "one", username)
    found = accounts.find(spelling)
    assert found is not None
    assert found.name == username
    assert accounts.find("nobody") is None
    assert not accounts.locked_out("nobody")
    accounts.write_ntlm_file(tmp_path / "users")
    lines = [line.split(":") for line in (tmp_path / "users").read_text().splitlines()]
    assert all(len(line) == 3 for line in lines)
    domain, _, user = spelling.lower().rpartition("\\")
    assert [domain, user, "secret"] in lines


@pytest.mark.parametrize("purpose", [f"keystore of host {number}" for number in range(20)])
def test_store_passwords_are_full_of_metacharacters(purpose: str) -> None:
    password = SEED.store_password(purpose)
    assert 24 <= len(password) <= 50
    assert set(ALWAYS) <= set(password)
    assert not set(password) & set("\\\"' \t:")
    assert password == SEED.store_password(purpose) != SEED.store_password(purpose + "x")
    assert ":" not in SEED.account_password(purpose)


def test_a_change_below_the_drive_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    before = fingerprint_of_files(tmp_path)
    assert fingerprint_of_files(tmp_path) == before
    (tmp_path / "new").mkdir()
    assert fingerprint_of_files(tmp_path) != before
