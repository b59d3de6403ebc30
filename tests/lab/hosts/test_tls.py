"""What listeners present, however weak, and to whom they stop talking."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from lab.certificates import Identity, self_signed
from lab.site.addresses import PORTS, Ports
from lab.tls import TlsListener
from lab.windows.host.stores import keytool
from tests.lab.hosts.labs import presented

LOOPBACK = "127.0.0.1"
WEAK_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  # weak on purpose


def identity(days_left: int) -> Identity:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, WEAK_KEY.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=3650))
    certificate = builder.not_valid_after(now + dt.timedelta(days=days_left)).sign(WEAK_KEY, hashes.SHA256())
    key = WEAK_KEY.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity((certificate.public_bytes(serialization.Encoding.DER),), key)


def signed_with_sha1(folder: Path) -> Identity:
    """By keytool, for cryptography no longer signs with SHA-1."""
    store = folder / "weak.p12"
    command = [str(keytool()), "-genkeypair", "-alias", "weak", "-keyalg", "RSA", "-sigalg", "SHA1withRSA"]
    command += ["-dname", "CN=weak", "-keystore", str(store), "-storetype", "PKCS12", "-storepass", "changeit"]
    subprocess.run(command, check=True, capture_output=True)
    key, certificate, _ = pkcs12.load_key_and_certificates(store.read_bytes(), b"changeit")
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    assert certificate.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA1
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Identity((certificate.public_bytes(serialization.Encoding.DER),), private)


def look_at(identity: Identity) -> bytes | None:
    async def look() -> bytes | None:
        port = Ports().take(LOOPBACK, ["any"])["any"]
        listener = await TlsListener.open(LOOPBACK, port, identity)
        try:
            return await asyncio.to_thread(presented, (LOOPBACK, port))
        finally:
            await listener.close()

    return asyncio.run(look())


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param(identity(100), id="RSA 1024"),
        pytest.param(identity(-100), id="expired"),
    ],
)
def test_weak_certificates_are_presented(weak: Identity) -> None:
    assert look_at(weak) == weak.chain[0]


def test_a_sha1_signature_is_presented(tmp_path: Path) -> None:
    weak = signed_with_sha1(tmp_path)
    assert look_at(weak) == weak.chain[0]


def test_closing_drops_connections() -> None:
    async def hold() -> bytes:
        port = Ports().take(LOOPBACK, ["any"])["any"]
        listener = await TlsListener.open(LOOPBACK, port, self_signed([("CN", "a")]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        reader, writer = await asyncio.open_connection(LOOPBACK, port, ssl=context)
        await asyncio.sleep(0.05)
        await listener.close()
        try:
            return await asyncio.wait_for(reader.read(), 2)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    assert asyncio.run(hold()) == b""


def test_ports_are_handed_out_once() -> None:
    ports = Ports()
    taken = [*ports.take(LOOPBACK, "abc").values(), *ports.take(LOOPBACK, "def").values()]
    assert len(set(taken)) == 6
    assert all(port in PORTS for port in taken)
