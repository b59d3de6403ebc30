"""A plan as `--plan` leaves it, small and with one of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fixtures.evidence import Verdict
from reports.verification import verification
from tests.reports import changes
from tests.reports.changes import AW, CVP_A, CVP_B, Book

RUN = "20261122T110000Z-plan"
VVB = "vvb1.example.com"


def command(host: str, text: str, purpose: str, *subjects: str, changes: bool = True) -> dict[str, Any]:
    return {"host": host, "text": text, "purpose": purpose, "changes": changes, "subjects": list(subjects), "needs": []}


def restart(host: str, service: str) -> list[dict[str, Any]]:
    query = command(host, f'@sc query "{service}"', f"wait for {service}", changes=False)
    stop, start = (command(host, f'@sc {verb} "{service}"', f"{verb} {service}") for verb in ("stop", "start"))
    return [stop, query, start, query]


def share(
    step: str, title: str, host: str, work: list[dict[str, Any]], phase: str, wave: int = 0, **calls: Any
) -> dict[str, Any]:
    return {"step": step, "title": title, "host": host, "phase": phase, "wave": wave, "work": work} | calls


def drain(host: str) -> dict[str, Any]:
    """A rule that lets calls end, with what is sent when they do not."""
    back = [
        {"rule": "dependents are stopped first", "forms": [command(host, '@sc stop "{service}"', "stop it")]},
        command(host, '@sc start "callserver"', "start it"),
    ]
    ask = command(host, "@service-controller.bat", "let the Call Server take no new calls", "drain")
    return {"rule": "its calls are let end first", "subjects": ["drain"], "forms": [ask | {"put_back": back}]}


def content(**inventory: Any) -> dict[str, Any]:
    """What stands in plan.json; `inventory` replaces keys of the inventory in it."""
    rule = {"rule": "gate: cube1 must hold the new certificates", "subjects": ["gate"]}
    moves = [command(host, "@move staged live", "activate .keystore", "store") for host in (CVP_A, CVP_B)]
    renew = [command(CVP_A, f"@keytool -genkeypair -alias {alias}", f"generate {alias}", alias) for alias in ("w", "v")]
    uploads = [
        command(VVB, f"cmplatform upload tomcat-trust <- {cvp}.pem", f"bring it the certificate of {cvp}", cvp)
        for cvp in (CVP_A, CVP_B)
    ]
    node = [*uploads, command(VVB, "utils system restart", "system restart", "restart")]
    activate = "Activate the keystore and restart the CVP services"
    described = {"section": "Section 1: CVP servers and ADS servers", "hosts": [CVP_A]}
    return {
        "hash": changes.PLAN,
        "version": "0.1.0",
        "warnings": ["cvpb.example.com: also_trusted_by is missing"],
        "options": {"import_style": "batch", "accept_outage": True, "keep_going": False},
        "inventory": {
            "site": "Vienna",
            "release": "12.6",
            "certificate": {"renew": "needed", "renew_below_days": 90},
            "accept": [{"host": AW, "kind": "IIS", "rule": "days left", "reason": "replaced in May"}],
            "hosts": [
                {"fqdn": AW, "role": "ads", "side": "A"},
                {"fqdn": CVP_A, "role": "cvp", "side": "A",
                 "also_trusted_by": [{"who": "cube1", "how": "SIP TLS trustpoint", "done_by": "voice team"}]},
                {"fqdn": CVP_B, "role": "cvp", "side": "B"},
                {"fqdn": VVB, "role": "vvb", "side": "A"},
            ],
            "change": {
                "window": {"begin": "2026-11-22 22:00:00+01:00", "end": "2026-11-23 02:00:00+01:00"},
                "abort_if": ["the service desk reports lost calls"],
                "contacts": [{"name": "Ada Example", "role": "operator", "phone": "+43 1 555 0100"}],
            },
        } | inventory,
        "steps": [
            share("1.1.iii", "Generate new self-signed certificates", CVP_A, renew, "stage"),
            share("1.4.iii", activate, CVP_A, [rule, drain(CVP_A), moves[0], *restart(CVP_A, "callserver")],
                  "activate", 1, calls="drained", drain_minutes=30, counted=True),
            share("x2.4", "Upload and restart", VVB, node, "activate", 2, calls="drained", drain_minutes=0.5),
            share("1.4.iii", activate, CVP_B, [moves[1], *restart(CVP_B, "callserver")],
                  "activate", 3, calls="dropped"),
        ],
        "procedure": {
            "0.1": {"title": "Reached", "phase": "look", "description": "The login works.", **described},
            "1.1.iii": {"title": "Generate", "phase": "stage", "description": "New.\n\n**Read back.**", **described},
            "1.4.iii": {"title": activate, "phase": "activate", "description": "Moved, then restarted.", **described},
            "x5.1": {"title": "Remove what is superseded", "phase": "tidy", "description": "By rule.", **described},
        },
    }  # fmt: skip


def observed() -> dict[str, Any]:
    """What a plan with --observe adds: one of everything."""

    def seen(host: str, subject: str, digit: str, year: int = 2029) -> dict[str, Any]:
        """A certificate, by a digit of its fingerprint."""
        times = {"not_before": "2026-11-01T00:00:00Z", "not_after": f"{year}-11-01T00:00:00Z"}
        return {"host": host, "subject": subject, "sha256": ":".join([digit * 2] * 32), **times}

    def into(alias: str, *hosts: str, store: str = "cacerts", step: str = "3.3") -> dict[str, Any]:
        return {"into": [{"host": host, "store": store, "alias": alias, "step": step} for host in hosts]}

    plain = {"kind": "IIS", "port": 443, "issuer": "CN=aw", "self_signed": True, "authority": False, "second": False}
    web = {"kind": "web", "issuer": "CN=root", "self_signed": False}
    held = {"host": AW, "store": "cacerts", "step": "1.2.c", "becomes": ""}
    return {
        "trusted": [
            plain | seen(AW, "CN=aw", "A") | into(f"{AW}_iis", AW, VVB) | {"sha256": ":".join(["A1"] * 32)},
            plain | seen("crm", "CN=issuing", "B", 2036) | web | {"authority": True} | into("issuing_bb", CVP_A),
            plain | seen("erp", "CN=erp", "C") | web | into("erp", CVP_A, step="4.2"),
            plain | seen("fin", "CN=fin-EC", "D") | {"second": True} | into("fin_ec", AW, step="2.2"),
        ],
        "renewed": [{"kind": "WSM", "alias": "w"} | seen(CVP_A, "CN=cvpa", "E", 2027) | into(CVP_A, AW, step="1.2.c")],
        "held": [
            held | seen(AW, "CN=cvpa", "E") | {"alias": CVP_A, "fate": "kept", "becomes": f"{CVP_A}_old"},
            held | seen(AW, "CN=cvpb", "F") | {"alias": CVP_B, "fate": "replaced"},
            held | seen(AW, "CN=cvpa", "E") | {"alias": f"{CVP_A}_old", "fate": "removed", "step": "x5.1"},
        ],
        "unknown": [],
    }


def gaps() -> list[dict[str, Any]]:
    """What a plan in the documents' order adds: the trusts that do not work for a while."""
    until = {"until": {"step": "x2.4", "host": VVB}}
    about = {"kind": "VXML", "importer": VVB, "store": "tomcat-trust"}
    return [about | {"exporter": cvp, "since": {"step": "1.4.iii", "host": cvp}} | until for cvp in (CVP_A, CVP_B)]


def documented(folder: Path, observed: dict[str, Any] | None = None) -> None:
    """The same in the documents' order; nobody has accepted an outage."""
    written(folder, observed)
    path = folder / "plan.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    made["options"] |= {"order": "documented", "accept_outage": False}
    path.write_text(json.dumps(made | {"gaps": gaps()}), encoding="utf-8")


def written(folder: Path, observed: dict[str, Any] | None = None, **inventory: Any) -> None:
    """plan.json in a change's folder, and the journal of the run that made it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = content(**inventory) | ({"observed": observed} if observed else {})
    (folder / "plan.json").write_text(json.dumps(made), encoding="utf-8")
    options = {"paths": "runbook", "--host": "cvp*, vvb1", "--keep-going": "True"}
    options |= {"--observe": "True"} if observed else {}
    book = Book(folder, RUN, kind="plan", change="", inventory="sites/vienna.yaml", options=options)
    book.step("0.1", CVP_A, phase="look", outcome="planned")
    book.end()


def history_of_the_site(out: Path) -> None:
    """An earlier change of the site, and a look at it, as their documents lie beside the plan's folder."""
    changes.all_right(out / "CHG1")
    earlier = {"site": "Vienna", "kind": "verify", "when": "2026-11-20T12:00:00Z"}
    seen = [
        {"host": CVP_A, "kind": "WSM", "not_after": "2026-12-24T12:00:00Z"},
        {"host": AW, "kind": "IIS", "not_after": "2026-11-30T12:00:00Z"},
    ]
    for name, site, when in (("v1", "Vienna", "2026-11-20"), ("v2", "Elsewhere", "2026-11-21")):
        (out / name).mkdir()
        told = earlier | {"site": site, "when": f"{when}T12:00:00Z", "certificates": seen, "verdict": Verdict.HOLDS}
        (out / name / verification.NAME).write_text(json.dumps(told), encoding="utf-8")
