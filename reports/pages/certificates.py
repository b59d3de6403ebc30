"""Exported certificates as files, under the names that the documents give them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.evidence import CertificateRecord

# Characters to replace in a file name (on Windows too); a name comes from outside and must stay in its folder.
_UNWANTED = re.compile(r"[^\w.()-]+", re.ASCII)


def save(record: CertificateRecord, site_folder: Path) -> Path | None:
    """Write an exported certificate into the folder `certificates`; return the file, or None if it has no name."""
    if not record.file_name:
        return None
    name = _UNWANTED.sub("_", record.file_name).lstrip(".") or "certificate"
    file = site_folder / "certificates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    pem = record.pem if record.pem.endswith("\n") else record.pem + "\n"
    file.write_text(pem, encoding="ascii", newline="\n")
    return file
