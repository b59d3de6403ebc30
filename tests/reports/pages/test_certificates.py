from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reports.pages.certificates import save
from tests.reports import sample

if TYPE_CHECKING:
    from pathlib import Path


def test_only_a_named_certificate_becomes_a_file(tmp_path: Path) -> None:
    assert save(sample.certificate(), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("cvp1.pcce.example.com_wsm.crt", "cvp1.pcce.example.com_wsm.crt"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (r"C:\cert\a:b.crt", "C_cert_a_b.crt"),
        ("..", "certificate"),
        ("証明書.cer", "_.cer"),
    ],
)
def test_a_name_stays_in_its_folder(tmp_path: Path, name: str, file: str) -> None:
    saved = save(sample.certificate(file_name=name, pem=sample.PEM.rstrip()), tmp_path)
    assert saved == tmp_path / "certificates" / file
    assert saved.read_bytes() == sample.PEM.encode()
