"""Certificates as files, under the names that the documents give them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.evidence import CertificateRecord

# What a file name may hold everywhere, Windows included; a name is data from outside and must stay in its folder.
_UNWANTED = re.compile(r"[^\w.()-]+", re.ASCII)


def save(record: CertificateRecord, site_folder: Path) -> Path | None:
    """Write an exported certificate to `certificates/` under the site's folder; the file, or None if it has no name."""
    if not record.file_name:
        return None
    name = _UNWANTED.sub("_", record.file_name).lstrip(".") or "certificate"
    file = site_folder / "certificates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = record.pem if record.pem.endswith("\n") else record.pem + "\n"
    file.write_text(pem, encoding="ascii", newline="\n")
    return file
