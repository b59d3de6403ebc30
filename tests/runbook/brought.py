"""Whether a certificate ever comes to a drive or a trust list of a lab."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.runbook.site_lab import SiteLab


@dataclass
class Watch:
    """Looks all the time whether a certificate comes to any drive or trust list: as it is, or in base64."""

    lab: SiteLab
    certificate: bytes
    found: set[str] = field(default_factory=set)
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> None:
        """Look at each file that has changed since."""
        for path in self._files():
            try:
                stat = path.stat()
                if self._seen.get(path) != (stat.st_mtime_ns, stat.st_size):
                    self._seen[path] = (stat.st_mtime_ns, stat.st_size)
                    if _holds(path.read_bytes(), self.certificate):
                        self.found.add(str(path))
            except FileNotFoundError:
                continue

    def _files(self) -> Iterator[Path]:
        for fqdn in self.lab.hosts:
            for place in ("C", "trust"):
                yield from (path for path in (self.lab.folder(fqdn) / place).rglob("*") if path.is_file())


def _holds(content: bytes, certificate: bytes) -> bool:
    piece = certificate[-60:-3]  # of its signature, which nothing else has
    texts = (base64.b64encode(certificate[-60 + shift : -3])[4:60] for shift in range(3))
    flat = content.translate(None, b"\r\n")
    return piece in content or any(text in flat for text in texts)


@contextmanager
def watching(lab: SiteLab, certificate: bytes) -> Iterator[Watch]:
    """Watch for the block, and once more at its end."""
    watch, over = Watch(lab, certificate), threading.Event()

    def go_on() -> None:
        while not over.wait(0.1):
            watch.look()

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()
        watch.look()
