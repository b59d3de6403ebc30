"""Records as a run would hand them on: short, real in shape, nothing of them secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures.evidence import (
    CertificateRecord,
    CommandRecord,
    EdgeRecord,
    HandshakeRecord,
    LeafRecord,
    ListingRecord,
    RunRecord,
    StepRecord,
    Verdict,
    When,
)

CVP = "cvp1.pcce.example.com"
AW = "aw1.pcce.example.com"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def run(site_folder: Path, **other: Any) -> RunRecord:
    facts: dict[str, Any] = {
        "kind": "change",
        "site": "Vienna",
        "release": "12.6",
        "change": "CHG0012345",
        "folder": site_folder / "runs" / "20261122T120000Z-change",
        "site_folder": site_folder,
        "inventory": "sites/vienna.yaml",
        "started": NOON,
        "versions": {"Runbook": "0.1.0", "Java of the lab": "17"},
    }
    return RunRecord(**facts | other)


def step(number: str = "1.1.iii", host: str = CVP, **other: Any) -> StepRecord:
    facts: dict[str, Any] = {
        "id": number,
        "title": "Generate new self-signed certificates",
        "section": "Section 1: CVP servers and ADS servers",
        "description": "Makes a new key and certificate.\n\nJudged by **what the store holds** afterwards.",
        "host": host,
        "phase": "stage",
    }
    return StepRecord(**facts | other)


def command(**other: Any) -> CommandRecord:
    facts: dict[str, Any] = {
        "host": CVP,
        "purpose": "Generate wsm_certificate",
        "text": "@keytool.exe -genkeypair -alias wsm_certificate -storepass:env RUNBOOK_STORE",
        "changes": True,
        "started": NOON,
        "seconds": 1.25,
        "exit_code": 0,
        "stdout": "Generating 2,048 bit RSA key pair\r\nfor: CN=cvp1",
        "stderr": "",
        "worked": True,
        "subjects": ("wsm_certificate",),
    }
    return CommandRecord(**facts | other)


def certificate(when: When = When.AFTER, pem: str = PEM, **other: Any) -> CertificateRecord:
    facts: dict[str, Any] = {
        "host": CVP,
        "subject": "wsm_certificate",
        "when": when,
        "pem": pem,
        "text": f"Subject: CN={CVP}\nKey: RSA 2048",
    }
    return CertificateRecord(**facts | other)


def listing(when: When, *lines: str, store: str = r"C:\Cisco\CVP\conf\security\.keystore") -> ListingRecord:
    return ListingRecord(host=CVP, store=store, when=when, lines=lines)


def handshake(port: int = 8111, **other: Any) -> HandshakeRecord:
    facts: dict[str, Any] = {"host": CVP, "subject": "WSM", "lines": ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384")}
    return HandshakeRecord(port=port, **facts | other)


def leaf(days: int = 100, name: str = CVP, last: str = "0B") -> LeafRecord:
    """A self-signed certificate that has so many days left; `last` is the end of its fingerprint."""
    subject, fingerprint = f"CN={name}, O=Example", ":".join([*31 * ["AA"], last])
    return LeafRecord(subject, subject, fingerprint, NOON - timedelta(days=1), NOON + timedelta(days=days))


def edge(verdict: Verdict = Verdict.HOLDS, exporter: str = CVP, importer: str = AW, **other: Any) -> EdgeRecord:
    facts: dict[str, Any] = {"kind": "WSM", "alias": f"{exporter}_wsm", "step": "1.2.c"}
    return EdgeRecord(exporter=exporter, importer=importer, verdict=verdict, **facts | other)
