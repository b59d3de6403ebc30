"""Two servers whose stores hold every kind of certificate that Java takes: exchanged, verified and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.checks.odd import TAKEN
from tests.checks.store_files import add, held, keytool, merge
from tests.runbook.conftest import verify
from tests.runbook.kills import ROLLBACK
from tests.runbook.runs import Finished, runbook
from tests.runbook.site_lab import ADS, CVP, DUO, SiteLab, site_lab

KEY = "Security.keystorePW"
FOREIGN = {f"odd {number}": one.certificate for number, one in enumerate(TAKEN.values())}
UNREAD = [f"odd {number}" for number, one in enumerate(TAKEN.values()) if one.unreadable]
WITH_CAPITALS = {"LEGACY FW": TAKEN["plain"].certificate, "Twin": TAKEN["plain"].certificate}
TWIN = {"twin": TAKEN["ECDSA"].certificate}


@dataclass(frozen=True)
class Story:
    """The runs, and what the two stores held of others before them, between them and after them."""

    verified: Finished
    changed: Finished
    verified_again: Finished
    back: Finished
    foreign: list[dict[str, dict[str, bytes]]]
    files: list[dict[str, bytes]]


def furnish(lab: SiteLab) -> None:
    """What somebody's tools have left in both stores, and a file that spells the password in its own way."""
    add(lab.store_file(ADS), lab.store_password(ADS), {**FOREIGN, **WITH_CAPITALS, **TWIN})
    file, password = lab.store_file(CVP), lab.store_password(CVP)
    merge(file, password, "JCEKS", FOREIGN)
    store = ("-storetype", "JCEKS", "-keystore", file, "-storepass", password)
    keytool("-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "128", *store, "-keypass", password)
    properties = lab.folder(CVP) / "C/Cisco/CVP/conf/security.properties"
    lines = properties.read_text(encoding="ascii").splitlines()
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in password)
    kept = [line for line in lines if KEY not in line]
    properties.write_text("\r\n".join([*kept, f"{KEY} old", f"{KEY}: \\", f"   {spelled}", ""]), encoding="ascii")


def foreign(lab: SiteLab) -> dict[str, dict[str, bytes]]:
    """What both stores hold under the aliases of others, byte for byte."""
    ours = {*FOREIGN, *WITH_CAPITALS, *TWIN}
    return {
        fqdn: {
            alias: der for alias, der in held(lab.store_file(fqdn), lab.store_password(fqdn)).items() if alias in ours
        }
        for fqdn in (ADS, CVP)
    }


def files(lab: SiteLab) -> dict[str, bytes]:
    return {fqdn: lab.store_file(fqdn).read_bytes() for fqdn in (ADS, CVP)}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("odd")
    with site_lab(folder, site=DUO) as lab:
        furnish(lab)
        kept, stores = [foreign(lab)], [files(lab)]
        verified = verify(lab, folder / "before")
        runs = []
        for arguments in (["--change=odd"], [ROLLBACK, "--change=odd"]):
            runs.append(runbook(lab, folder / "out", *arguments))
            kept.append(foreign(lab))
            stores.append(files(lab))
            if len(runs) == 1:
                again = verify(lab, folder / "between")
        yield Story(verified, runs[0], again, runs[1], kept, stores)


def test_a_change_and_its_way_back_end_well(story: Story) -> None:
    for run in (story.changed, story.verified_again, story.back):
        assert run.exit_code == 0, run.output
    assert story.verified.exit_code == 1, "nothing was exchanged yet"
    before, changed, back = story.files
    assert before != changed
    assert back == before


def test_what_is_somebody_else_s_is_carried_through_byte_for_byte(story: Story) -> None:
    before, changed, back = story.foreign
    assert len(before[ADS]) == len(FOREIGN) + 3
    assert len(before[CVP]) == len(FOREIGN)
    assert changed == before
    assert back == before


@pytest.mark.parametrize("which", ["verified", "changed", "verified_again"])
def test_each_is_named_once_in_each_run(story: Story, which: str) -> None:
    said = getattr(story, which).said
    for store in ("cacerts", r"\.keystore"):
        for alias in UNREAD:
            assert len(re.findall(rf"{store} alias {alias}: of its certificate cannot be read", said)) == 1, alias
    for alias in WITH_CAPITALS:
        assert said.count(f"cacerts alias {alias}: another tool has written that alias") == 1
    assert len(re.findall("cannot be read by the rules of X.509", said)) == 2 * len(UNREAD)


@pytest.mark.parametrize("which", ["verified", "changed", "verified_again", "back"])
def test_no_run_speaks_python(story: Story, which: str) -> None:
    output = getattr(story, which).output
    assert not re.search(r"Traceback|ValueError|UnsupportedAlgorithm|ParseError|<class ", output)
