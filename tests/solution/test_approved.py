"""What a plan has seen and somebody has approved is what a run changes, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from checks.x509.certificate import Certificate
from reports.journal import history
from reports.journal.chains import run_folders
from reports.plan.content import read
from reports.record.story import Story
from tests.checks.made import certificate, key
from tests.reports.outline import outline
from tests.runbook.planned import commands_of, numbers_of, plan_of, unplanned
from tests.runbook.probes import leaf
from tests.runbook.runs import runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab


def demand_approval(lab: SiteLab) -> None:
    """The inventory asks for an approved plan."""
    text = lab.inventory_file.read_text(encoding="utf-8")
    lab.inventory_file.write_text(f"require_approved_plan: true\n{text}", encoding="utf-8")


def bind_another_certificate(lab: SiteLab) -> Certificate:
    """The ADS server's IIS certificate is another one from now on, for http.sys as well as for clients."""
    other = certificate(ADS, dns=(ADS,), kind="other", start=datetime.now(UTC).replace(microsecond=0))
    machine = lab.folder(ADS) / "machine"
    bindings = json.loads((machine / "bindings.json").read_text(encoding="utf-8"))
    next(one for one in bindings if one["ip_port"].endswith(":443"))["hash"] = other.sha1
    pem = key("other").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (machine / "my" / f"{other.sha1}.pem").write_text(pem + other.pem, encoding="ascii")
    (machine / "bindings.json").write_text(json.dumps(bindings), encoding="utf-8")
    lab.restart(ADS, "W3SVC")
    return other


def test_what_was_approved_is_what_is_trusted(duo: SiteLab, tmp_path: Path) -> None:
    demand_approval(duo)
    duo.edit_inventory(renew="all")
    before, seen = duo.drives(), len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=P1", "-n2")
    assert refused.exit_code == 4, refused.output
    assert "asks for an approved plan (require_approved_plan: true), so nothing was sent" in refused.said
    assert "--change=P1 -n2 --no-report --plan --observe" in refused.said
    assert duo.audit()[seen:] == []

    planned = runbook(duo, tmp_path / "out", "--plan", "--observe")
    assert planned.exit_code == 0, planned.output
    plan = plan_of(tmp_path / "out")
    trusted = {(one["host"], one["kind"]): one for one in plan["observed"]["trusted"]}
    presented = {kind: Certificate(leaf(*duo.endpoint(ADS, kind.lower()))) for kind in ("IIS", "DFP")}
    assert {name: one["sha256"] for name, one in trusted.items()} == {
        (ADS, kind): one.sha256 for kind, one in presented.items()
    }
    assert [one["host"] for one in trusted[ADS, "IIS"]["into"]] == [CVP, ADS]
    assert [(one["host"], one["kind"]) for one in plan["observed"]["renewed"]] == [(CVP, "WSM")]
    assert presented["IIS"].sha256 in planned.output
    assert duo.audit()[seen:]
    assert not [line for line in duo.audit()[seen:] if line["changed"] or line["changed_services"]]
    assert duo.drives() == before

    other, seen = bind_another_certificate(duo), len(duo.audit())
    stopped = runbook(duo, tmp_path / "out", "--change=P1", f"--approved-plan={plan['hash']}")
    assert stopped.exit_code == 1, stopped.output
    told = f"expected {presented['IIS'].sha256}, found {other.sha256}. Nothing of it is imported"
    assert f"{ADS} IIS certificate: as the approved plan has it: {told}" in stopped.said
    assert not [line for line in duo.audit()[seen:] if line["changed"] or line["changed_services"]]
    assert duo.drives() == before


def test_a_plan_that_could_not_look_everywhere_names_whom_and_approves_nothing(duo: SiteLab, tmp_path: Path) -> None:
    duo.fail(host=CVP, kind="unreachable")

    planned = runbook(duo, tmp_path / "out", "--plan", "--observe")

    assert planned.exit_code == 10, planned.output
    assert f"NOT found out (1): nothing is sent under this plan. Mend this, make it again: {CVP}: WinRM" in planned.said
    plan = plan_of(tmp_path / "out")
    assert [one["host"] for one in plan["observed"]["unknown"]] == [CVP]
    assert {one["host"] for one in plan["observed"]["trusted"]} == {ADS}
    assert {"1.4.iii", "x5.1"} <= {step["step"] for step in plan["steps"]}
    assert not [*(tmp_path / "out").rglob("blocked/*")]  # every step is planned, whatever could not be seen
    duo.fail()
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=P1", f"--approved-plan={plan['hash']}")

    assert refused.exit_code == 4, refused.output
    assert f"the approved plan is incomplete, so nothing was sent: it could not find out 1 ({CVP}:" in refused.said
    assert duo.audit()[seen:] == []


def test_a_run_refuses_to_change_anything_when_its_plan_is_another(duo: SiteLab, tmp_path: Path) -> None:
    seen = len(duo.audit())

    refused = runbook(duo, tmp_path / "out", "--change=P1", f"--approved-plan={'0' * 64}")

    assert refused.exit_code == 4
    assert "nothing was sent" in refused.output
    assert duo.audit()[seen:] == []


def test_a_plan_that_looks_says_what_is_to_be_done_and_the_record_says_the_same(duo: SiteLab, tmp_path: Path) -> None:
    nothing = runbook(duo, tmp_path / "nothing", "--plan", "--observe", "--change=N1")

    assert nothing.exit_code == 0, nothing.output
    told = nothing.output[nothing.output.rindex("junit.xml") :].splitlines()
    assert told[1] == "Nothing is to be done: every step has found what it is to bring about."
    assert "    CHANGE  " not in nothing.output
    page = outline((tmp_path / "nothing" / "N1" / "plan.html").read_bytes())
    first = page[: page.index("## Impact")]
    assert "nothing to do Nothing is to be done: every step has found what it is to bring about." in first
    assert "- No host is changed, no certificate is made or imported, nothing restarts" in first
    assert page.count("No service restarts.") == 3  # impact, duration, waves
    assert "changing commands: 0 · nothing to do" in page
    assert not re.search(r"changing commands: [1-9]", page)

    duo.keytool(CVP, f"-delete -alias {ADS}")
    planned = runbook(duo, tmp_path / "one", "--plan", "--observe", "--change=N1")
    assert planned.exit_code == 0, planned.output
    assert "Nothing is to be done" not in planned.output
    plan = read(tmp_path / "one" / "N1")
    assert plan is not None
    assert (plan.changed, plan.numbers.certificates) == ([CVP], 0)
    assert [one.restarts for one in plan.due if one.restarts] == [["callserver", "vxmlserver", "WebServicesManager"]]

    done = runbook(duo, tmp_path / "one", "--change=N1", f"--approved-plan={plan.hash}")
    assert done.exit_code == 0, done.output
    story = Story.of([history.of(run) for run in run_folders(tmp_path / "one" / "N1")])
    assert story is not None
    assert story.totals == numbers_of(plan)


def test_a_run_sends_the_commands_of_its_plan_in_order_and_imports_what_that_has_seen(
    exchanged_duo: Path, tmp_path: Path
) -> None:
    with site_lab(tmp_path, site=DUO, like=exchanged_duo) as lab:
        lab.edit_inventory(renew="all")
        planned = runbook(lab, tmp_path / "plan", "--change=P1", "--plan", "--observe")
        assert planned.exit_code == 0, planned.output
        plan = plan_of(tmp_path / "plan")
        seen = len(lab.audit())

        approved = f"--approved-plan={tmp_path / 'plan' / 'P1' / 'plan.json'}"
        done = runbook(lab, tmp_path / "out", "--change=P1", "-n2", approved)

        assert done.exit_code == 0, done.output
        removed = [one["alias"] for one in plan["observed"]["held"] if one["fate"] == "removed"]
        deleted = [line["text"] for line in lab.audit()[seen:] if "-delete" in line["text"] and line["host"] == ADS]
        assert removed == [f"{CVP}_old"]
        assert [f'-delete -alias "{alias}"' in text for alias, text in zip(removed, deleted, strict=True)] == [True]
        assert unplanned(plan, lab.audit()[seen:]) == []
        assert unplanned({**plan, "locks": []}, lab.audit()[seen:]), "the log has changes that no step sends"
        for fqdn, texts in commands_of(plan).items():
            sent = [line["text"] for line in lab.audit()[seen:] if line["host"] == fqdn and line["changed"]]
            order = iter(texts)
            assert all(text in order for text in dict.fromkeys(text for text in sent if text in texts))
