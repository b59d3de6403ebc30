"""The real keytool behind Windows paths."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import jks
import pytest

from lab.windows import Finished, JavaTools, KeytoolCall
from tests.lab.windows.host import KEYTOOL, Host, make_host

_KEYTOOL = '@"%JAVA_HOME%\\bin\\keytool.exe" '
_GENERATE = (
    _KEYTOOL + '-genkeypair -alias {} -keyalg RSA -dname "CN=cvp1.lab.example, O=""Test, Inc""" -keystore {} '
    "-storepass:env store_password -keypass:env STORE_PASSWORD {}"
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host with a JCEKS store of one key in `C:\\work\\keys.jceks` and its certificate in `C:\\work\\t.cer`."""
    made = make_host(tmp_path_factory.mktemp("java"))
    answer = made.run(_GENERATE.format("tomcat", "KEYS.jceks", "-storetype JCEKS"))
    assert (answer.text, answer.code) == ("", 0)
    assert "Generating" not in answer.error
    exported = made.run(
        _KEYTOOL + "-exportcert -alias tomcat -file t.cer -keystore C:\\work\\keys.jceks -storepass changeit"
    )
    assert (exported.error.splitlines()[0], exported.code) == ("Certificate stored in file <t.cer>", 0)
    return made


def test_a_store_of_the_asked_type_is_made(host: Host) -> None:
    assert host.path("KEYS.jceks").read_bytes()[:4] == b"\xce\xce\xce\xce"
    listed = host.run(_KEYTOOL + "-list -keystore keys.jceks -storetype JCEKS -storepass changeit")
    assert "Your keystore contains 1 entry" in listed.text
    assert listed.out.count(b"\r\n") == listed.out.count(b"\n")


def test_a_new_store_without_a_type_is_a_jks_and_the_import_says_so(host: Host) -> None:
    line = "-import -noprompt -alias cvp1 -file T.CER -keystore sub\\trust -storepass:env Store_Password"
    answer = host.run(_KEYTOOL + line)
    assert (answer.text, answer.error, answer.code) == ("", "Certificate was added to keystore\n", 0)
    assert list(jks.KeyStore.load(host.path("sub/trust"), "changeit").entries) == ["cvp1"]
    merged = host.run(
        _KEYTOOL + "-importkeystore -noprompt -srckeystore sub\\trust -srcstorepass changeit -destkeystore merged "
        "-deststorepass changeit"
    )
    assert merged.code == 0
    assert merged.error.splitlines()[0] == "Entry for alias cvp1 successfully imported."
    assert host.path("merged").read_bytes()[:4] == b"\xfe\xed\xfe\xed"


@pytest.mark.parametrize(
    "line, text",
    [
        (
            "-list -keystore keys.jceks -storetype JCEKS -storepass:env wrong_password",
            "java.io.IOException: Keystore was tampered with, or password was incorrect",
        ),
        (
            "-list -keystore nope -storepass changeit",
            "java.lang.Exception: Keystore file does not exist: nope",
        ),
        (
            "-list -keystore D:\\nope -storepass changeit",
            "java.lang.Exception: Keystore file does not exist: D:\\nope",
        ),
        (
            "-importcert -file nope.cer -keystore keys.jceks -storepass changeit",
            "java.io.FileNotFoundException: nope.cer (The system cannot find the file specified)",
        ),
        (
            "-importcert -file none\\x.cer -keystore keys.jceks -storepass changeit",
            "java.io.FileNotFoundException: none\\x.cer (The system cannot find the path specified)",
        ),
        (
            "-delete -alias nope -keystore keys.jceks -storepass changeit",
            "java.lang.Exception: Alias <nope> does not exist",
        ),
    ],
)
def test_errors_are_on_stdout_with_windows_names(host: Host, line: str, text: str) -> None:
    answer = host.run(_KEYTOOL + line)
    assert (answer.text, answer.code) == (f"keytool error: {text}\n", 1)


def test_a_declined_question_is_no_error(host: Host) -> None:
    answer = host.run(
        _KEYTOOL + "-import -alias new -file t.cer -keystore declined -storepass changeit", stdin=b"no\r\n"
    )
    assert answer.code == 0
    assert answer.error.startswith("Trust this certificate? [no]:  ")
    assert answer.error.endswith("Certificate was not added to keystore\n")
    assert not host.path("declined").exists()


def test_details_are_listed_and_unasked_input_is_left(host: Host) -> None:
    answer = host.run(_KEYTOOL + "-list -v -keystore keys.jceks -storepass changeit", stdin=b"y" * 300_000)
    assert "Owner: CN=cvp1.lab.example" in answer.text
    assert 'O="Test, Inc"' in answer.text


def test_bare_keytool_is_found_along_path(host: Host) -> None:
    assert host.run("keytool -list").error.startswith("'keytool' is not recognized")
    path = {"PATH": "C:\\Program Files (x86)\\Java\\jre1.8.0_221\\bin"}
    answer = host.run("keytool -list", environment=path)
    assert (
        answer.text
        == "keytool error: java.lang.Exception: Keystore file does not exist: C:\\Users\\runbook\\.keystore\n"
    )
    assert host.run("keytool -list -cacerts", environment=path).error == "Illegal option:  -cacerts\n"


def test_a_fault_may_spoil_the_store(tmp_path: Path) -> None:
    def dies(call: KeytoolCall, _run: object) -> Finished:
        assert call.store is not None
        call.store.write_bytes(b"\xfe\xed")
        return Finished(-1)

    host = make_host(tmp_path, java=JavaTools(KEYTOOL, around=dies))
    assert host.run(_GENERATE.format("a", "x.jks", "")).code == -1
    assert host.path("x.jks").read_bytes() == b"\xfe\xed"


def test_cancelling_kills_the_jvm(tmp_path: Path) -> None:
    waiting = tmp_path / "keytool"
    waiting.write_text("#!/bin/sh\nexec sleep 60\n")
    waiting.chmod(0o755)
    host = make_host(tmp_path, java=JavaTools(waiting, options=()))
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    began = time.monotonic()
    assert host.run(_KEYTOOL + "-list & echo a", cancelled=cancelled).code == -1073741510
    assert time.monotonic() - began < 5
