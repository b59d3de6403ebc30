"""Java's own word: whether a client with a trust store takes what a TLS server presents, told by a real keytool.

`keytool -printcrl -file https://...` fetches over Java's own HTTPS, with Java's own trust manager and name check.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import jks
from OpenSSL import SSL, crypto

from checks.x509.certificate import Certificate
from tests.checks.listeners import LOOPBACK, listening
from tests.checks.made import KEYTOOL, PrivateKey

PASSWORD = "changeit"
_QUICK = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Duser.language=en")
_REACHED = "FileNotFoundException"  # the page that was asked for is not there: Java has trusted the server
_REFUSED = "javax.net.ssl.SSL"  # SSLHandshakeException; SSLException where the store gives no anchor at all
_NO_PATH = "PKIX path building failed"
_NO_NAME = ("No subject alternative names", "No name matching")


@contextmanager
def presenting(key: PrivateKey, chain: Sequence[Certificate]) -> Iterator[int]:
    """The port of a web server with this key and chain, and no page."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.use_privatekey(key)
    leaf, *issuers = (crypto.load_certificate(crypto.FILETYPE_ASN1, one.der) for one in chain)
    context.use_certificate(leaf)
    for one in issuers:
        context.add_extra_chain_cert(one)

    def answer(connection: socket.socket) -> None:
        connection.settimeout(None)  # pyOpenSSL shakes hands over blocking sockets
        secured = SSL.Connection(context, connection)
        secured.set_accept_state()
        with suppress(SSL.Error):
            secured.do_handshake()
            secured.recv(4096)
            secured.send(b"HTTP/1.0 404 Not Found\r\n\r\n")
            secured.shutdown()

    with listening(answer) as port:
        yield port


def trust_store(file: Path, entries: Sequence[jks.AbstractKeystoreEntry]) -> Path:
    """A JKS with these entries, whatever their aliases."""
    jks.KeyStore.new("jks", list(entries)).save(str(file), PASSWORD)
    return file


def java_trusts(store: Path, port: int, host: str = "localhost") -> bool:
    """Whether Java takes the server on a port for this host."""
    hosts = store.with_suffix(".hosts")
    hosts.write_text(f"{LOOPBACK} {host}\n", encoding="ascii")
    said = _fetching(f"https://{host}:{port}/", store, "JKS", PASSWORD, hosts_file=hosts)
    assert (_REACHED in said) != (_REFUSED in said), said
    return _REACHED in said


def java_takes_path(store: Path, kind: str, password: str, endpoint: tuple[str, int]) -> bool:
    """Whether Java finds a path from what is presented at an address to an anchor of this store, whatever its names.

    No certificate names an address: a path that was found ends in a complaint about the name.
    """
    address, port = endpoint
    said = _fetching(f"https://{address}:{port}/", store, kind, password)
    if _NO_PATH in said:
        return False
    assert any(words in said for words in _NO_NAME), said
    return True


def _fetching(url: str, store: Path, kind: str, password: str, hosts_file: Path | None = None) -> str:
    options = {
        "javax.net.ssl.trustStore": str(store),
        "javax.net.ssl.trustStoreType": kind,
        "javax.net.ssl.trustStorePassword": password,
    }
    if hosts_file:
        options["jdk.net.hosts.file"] = str(hosts_file)
    command = [KEYTOOL, *_QUICK, *(f"-J-D{name}={value}" for name, value in options.items()), "-printcrl", "-file", url]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr
