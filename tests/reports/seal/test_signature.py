"""Keys that sign evidence: what is refused and in which words; openssl must agree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from reports.seal.signature import KeyRefused, Signer, fits, public_key
from tests.reports.keys import key_pair


def test_a_signature_is_of_its_data_and_its_key_alone(tmp_path: Path) -> None:
    private, public = key_pair(tmp_path)
    _, another = key_pair(tmp_path, "another")
    signature = Signer.of(private).sign(b"evidence")
    assert len(signature) == 64
    assert fits(public_key(public), signature, b"evidence")
    assert not fits(public_key(public), signature, b"evidence ")
    assert not fits(public_key(public), b"", b"evidence")
    assert not fits(public_key(another), signature, b"evidence")


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl here")
def test_openssl_makes_keys_and_checks_signatures(tmp_path: Path) -> None:
    def openssl(*words: str) -> int:
        return subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True, check=False).returncode

    assert openssl("genpkey", "-algorithm", "ed25519", "-out", "key.pem") == 0
    assert openssl("pkey", "-in", "key.pem", "-pubout", "-out", "key.pub") == 0
    (tmp_path / "manifest.sha256").write_bytes(b"evidence")
    (tmp_path / "manifest.sha256.sig").write_bytes(Signer.of(tmp_path / "key.pem").sign(b"evidence"))
    check = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key.pub"]
    check += ["-in", "manifest.sha256", "-sigfile", "manifest.sha256.sig"]
    assert openssl(*check) == 0
    (tmp_path / "manifest.sha256").write_bytes(b"Evidence")
    assert openssl(*check) != 0


def test_what_is_no_key_to_sign_with_is_refused(tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    content = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ec.pem").write_bytes(content)
    (tmp_path / "text.pem").write_text("no key\n", encoding="ascii")
    encrypted, _ = key_pair(tmp_path, "encrypted", b"a passphrase")
    _, public = key_pair(tmp_path)
    for path, said in {
        tmp_path / "nowhere.pem": "cannot be read: No such file or directory",
        tmp_path: "cannot be read: Is a directory",
        tmp_path / "text.pem": "holds no private key in PEM; make one with: openssl genpkey -algorithm ed25519",
        tmp_path / "ec.pem": "holds a private key that is not Ed25519; make one with",
        encrypted: "is encrypted; a run asks for no passphrase",
        public: "holds no private key in PEM",
    }.items():
        with pytest.raises(KeyRefused) as refused:
            Signer.of(path)
        assert str(refused.value).startswith(f"{path} {said}")
        assert "\n" not in str(refused.value)


def test_what_is_no_key_to_check_with_is_refused(tmp_path: Path) -> None:
    private, _ = key_pair(tmp_path)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "ec.pub").write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for path, said in {
        tmp_path / "nowhere.pub": "cannot be read",
        private: "holds no public key in PEM; take it from the private key with: openssl pkey",
        tmp_path / "ec.pub": "holds a public key that is not Ed25519",
    }.items():
        with pytest.raises(KeyRefused, match=said):
            public_key(path)


def test_a_key_shows_nothing_of_itself(tmp_path: Path) -> None:
    private, _ = key_pair(tmp_path)
    body = private.read_text(encoding="ascii").splitlines()[1]
    assert body[-20:] not in repr(Signer.of(private)) + str(vars(Signer.of(private)))
