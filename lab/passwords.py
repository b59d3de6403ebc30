"""The passwords of a lab: each is derived from the state's seed and its purpose, so that nothing else is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

# Passwords like those of Cisco's installer: full of characters that cmd.exe and PowerShell interpret.
METACHARACTERS = "()!^&%,;{}[]$@~*?.=#<>|+-_"
ALWAYS = "(%^&!"
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Secrets:
    """All passwords of a state. Equal purposes give equal passwords."""

    seed: bytes

    def store_password(self, purpose: str) -> str:
        """Return 24 to 50 characters, at least one in four a metacharacter; no blank, quote or backslash."""
        chance = self._random(purpose)
        length = chance.randint(24, 50)
        special = [*ALWAYS, *chance.choices(METACHARACTERS, k=length // 4)]
        plain = chance.choices(LETTERS, k=length - len(special))
        characters = special + plain
        chance.shuffle(characters)
        return "".join(characters)

    def account_password(self, purpose: str) -> str:
        """Return 20 characters without a colon, which separates the fields of the NTLM users file."""
        chance = self._random(purpose)
        characters = [*chance.choices(LETTERS, k=16), *chance.choices("!#%+=?@_", k=4)]
        chance.shuffle(characters)
        return "".join(characters)

    def seal(self, password: str) -> str:
        """Return the password encrypted, as newer releases of CVP store it."""
        return self._cipher().encrypt(password.encode()).decode("ascii")

    def unseal(self, text: str) -> str | None:
        """Return the password given to `seal`; None when the text was not made by it."""
        try:
            return self._cipher().decrypt(text).decode()
        except (InvalidToken, ValueError):
            return None

    def _cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hmac.digest(self.seed, b"sealed passwords", hashlib.sha256)))

    def _random(self, purpose: str) -> random.Random:
        return random.Random(hmac.digest(self.seed, purpose.encode(), hashlib.sha256))  # noqa: S311  # keyed by the seed


def of_state(folder: Path) -> Secrets:
    """Return the secrets of the state in this folder; a new state gets a new seed."""
    seed = folder / "seed"
    if not seed.exists():
        write_private(seed, secrets.token_hex(32))
    return Secrets(bytes.fromhex(seed.read_text(encoding="ascii").strip()))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read at any time, even while it is being written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, encoding="utf-8", newline="")
