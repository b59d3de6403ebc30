"""What servers present to a host of the lab: its own keytool beside the real one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lab.windows.programs.certificates import printcert
from tests.checks import made
from tests.checks.listeners import (
    LOOPBACK,
    Pair,
    free_port,
    hang_up,
    listening,
    plain_http,
    tls_answer,
    tls_context,
)
from tests.checks.made import FQDN, certificate
from tests.lab.windows.host import KEYTOOL, Answer, Host, make_host

CA = certificate("Root", dns=(), kind="ca")
RSA: Pair = (made.key("rsa"), [certificate()])
CHAIN: Pair = (made.key("rsa"), [certificate(issuer="Root", signer="ca"), CA])
ECDSA: Pair = (made.key("ec"), [certificate(kind="ec")])
WEAK: Pair = (made.weak()[0], [made.weak()[1]])
NOTHING = "keytool error: java.lang.Exception: No certificate from the SSL server\n"
COMMAND = (
    '@"%JAVA_HOME%\\bin\\keytool.exe" -J-Duser.language=en -J-Duser.country=US '
    "-J-Dsun.net.client.defaultConnectTimeout=10000 -printcert -rfc -sslserver {}"
)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host that knows one other by name."""
    made_host = make_host(tmp_path / "machine")
    made_host.machine.servers[FQDN] = LOOPBACK
    return made_host


@contextmanager
def serving(folder: Path, pairs: tuple[Pair, ...]) -> Iterator[int]:
    with listening(tls_answer(tls_context(folder, *pairs))) as port:
        yield port


def real(folder: Path, server: str) -> tuple[str, int]:
    """What the real keytool prints, which knows that one name too."""
    names = folder / "names"
    names.write_text(f"{LOOPBACK} {FQDN}\n", encoding="utf-8")
    options = (f"-J-Djdk.net.hosts.file={names}", "-J-Duser.language=en")
    done = subprocess.run(
        [KEYTOOL, *options, "-printcert", "-rfc", "-sslserver", server], capture_output=True, check=False, text=True
    )
    return done.stdout.replace("\r\n", "\n"), done.returncode


def told(answer: Answer) -> tuple[str, int]:
    return answer.text, answer.code


@pytest.mark.parametrize("pairs", [(CHAIN,), (RSA, ECDSA)], ids=["a chain", "two leaves"])
def test_it_prints_what_the_real_keytool_prints(pairs: tuple[Pair, ...], host: Host, tmp_path: Path) -> None:
    with serving(tmp_path, pairs) as port:
        printed = told(host.run(COMMAND.format(f"{FQDN}:{port}")))
        assert printed == real(tmp_path, f"{FQDN}:{port}")
    assert printed == ("".join(one.pem for one in pairs[-1][1]), 0)


def test_a_port_that_nobody_listens_on_is_told_in_the_real_keytool_s_words(host: Host, tmp_path: Path) -> None:
    server = f"{FQDN}:{free_port()}"
    assert told(host.run(COMMAND.format(server))) == real(tmp_path, server) == (NOTHING, 1)


@pytest.mark.parametrize("speak", [plain_http, hang_up])
def test_a_port_without_tls_presents_nothing(speak: Callable[[object], None], host: Host) -> None:
    with listening(speak) as port:
        assert told(host.run(COMMAND.format(f"{FQDN}:{port}"))) == (NOTHING, 1)


def test_a_name_that_nobody_has_presents_nothing(host: Host) -> None:
    assert told(host.run(COMMAND.format("nobody.example.com:443"))) == (NOTHING, 1)


def test_a_weak_certificate_is_printed_as_well(host: Host, tmp_path: Path) -> None:
    with serving(tmp_path, (WEAK,)) as port:
        assert told(host.run(COMMAND.format(f"{FQDN}:{port}"))) == (WEAK[1][0].pem, 0)


def test_several_launches_on_one_line(host: Host, tmp_path: Path) -> None:
    """As the runbook asks: each answer behind its own line, whatever became of the one before."""
    with serving(tmp_path, (RSA,)) as port:
        launch = COMMAND.removeprefix("@")
        line = f"@echo First& {launch.format('x.example.com:1')}& echo Second& {launch.format(f'{FQDN}:{port}')}"
        answer = host.run(line)
    assert told(answer) == (f"First\n{NOTHING}Second\n{certificate().pem}", 0)


@pytest.mark.parametrize(
    "arguments, server",
    [
        ("-printcert -rfc -sslserver a:1", "a:1"),
        ("-J-Dx=y -SSLServer a:1 -PrintCert -rfc", "a:1"),
        ("-printcert -sslserver a:1", ""),
        ("-printcert -rfc -sslserver", ""),
        ("-printcert -rfc -file a", ""),
        ("-list -sslserver a:1", ""),
        ("", ""),
    ],
)
def test_only_the_whole_command_is_answered(arguments: str, server: str) -> None:
    assert printcert.server_of(arguments.split()) == server


def test_what_is_not_answered_asks_no_name_server(host: Host, tmp_path: Path) -> None:
    with serving(tmp_path, (RSA,)) as port:
        answer = host.run(COMMAND.replace("-rfc ", "").format(f"localhost:{port}"))
    assert (answer.text, answer.code) == (printcert.ONLY_PEM.decode(), 1)
