"""Java's own word on a trust: a TLS handshake of a real JVM with a store, judged by its own PKIX code.

keytool opens a URL when it is asked to print a revocation list from there; what it says of the handshake is the
verdict. The certificates name no address, so a path that was accepted ends in a complaint about the name.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.stores import keytool

_REFUSED = "PKIX path building failed"
_ACCEPTED = ("No subject alternative names", "No name matching")


def java_trusts(store: Path, kind: str, password: str, endpoint: tuple[str, int]) -> bool:
    """Whether a JVM with this trust store accepts what is presented there."""
    address, port = endpoint
    trust = {"trustStore": str(store), "trustStoreType": kind, "trustStorePassword": password}
    options = [f"-J-Djavax.net.ssl.{name}={value}" for name, value in trust.items()]
    command = [str(keytool()), *options, "-printcrl", "-file", f"https://{address}:{port}/"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    said = ended.stdout + ended.stderr
    if _REFUSED in said:
        return False
    assert any(words in said for words in _ACCEPTED), said
    return True
