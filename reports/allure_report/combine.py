"""The results of several runs of a change combined into one: each step once, as the run that changed it left it.

With two runs in one results folder, Allure hides the earlier result of a step as a "retry". A run that resumes a change
finds most steps already done, so the evidence of the work would be hidden. Therefore the result to show is chosen here,
in a copy; the runs' own results stay unchanged.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fixtures.system.plain_files import is_plain, read_plain
from reports.allure_report.run import RESULTS
from reports.journal.collected import Outcome, shown
from reports.pages.wording import Words, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Result = dict[str, Any]
_BAD = ("failed", "could not find out", "blocked")
FROM_JOURNAL = "made from the journal"  # the tag of a result that its test's own process could not write
_OWN_LABELS = ("outcome", "run")
_OF_THE_RUN = ("environment.properties", "executor.json")


def results_folders(folder: Path) -> list[Path]:
    """Return the Allure results folders in a change's, a run's or a results folder itself, oldest first."""
    if folder.name == RESULTS or any(folder.glob("*-result.json")):
        return [folder]
    if (folder / RESULTS).is_dir():
        return [folder / RESULTS]
    return sorted(path for path in folder.glob(f"runs/*/{RESULTS}") if path.is_dir())


def _nothing(_run: str, _host: str) -> bool:
    return False


def combine(
    folders: list[Path], into: Path, say: Words | None = None, settled: Callable[[str, str], bool] = _nothing
) -> int:
    """Copy the results to show, of runs given oldest first, into a new folder; return the number of steps.

    Only attachments that a shown result names are copied: no other file of a folder gets into the report. `settled`:
    True for a run (by its folder's name) and a host, if the host was rolled back since, so that failures there no
    longer count.
    """
    into.mkdir(parents=True)
    attempts: dict[tuple[str, ...], list[Result]] = {}
    places: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*-result.json")):
            result = read(file)
            if result.get("fullName"):  # else damaged, or of no step: a barrier between two stages
                attempts.setdefault(_identity(result), []).append(result)
        places |= {file.name: file for file in folder.glob("*-attachment.*") if is_plain(file)}
        places |= {name: folder / name for name in _OF_THE_RUN if is_plain(folder / name)}
    say = say or words()
    chosen = [result for results in attempts.values() for result in _chosen(results, say)]
    for result in chosen:
        if _label(result, "outcome") in _BAD and settled(_label(result, "run"), _label(result, "host")):
            _is_history(result, say)
        _say_labels(result, say)
        (into / f"{result['uuid']}-result.json").write_text(json.dumps(result), encoding="utf-8")
    named = {source for result in chosen for source in _attachments(result)}
    for name in places.keys() & (named | set(_OF_THE_RUN)):
        shutil.copyfile(places[name], into / name)
    return len(attempts)


class _Of(BaseModel):
    """The fields of a result that are relied on; other fields are ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Of):
    name: str = ""
    value: str = ""


class _Attached(_Of):
    source: str


class _Details(_Of):
    message: str = ""
    trace: str = ""


class _Item(_Of):
    steps: list[_Item] = []
    attachments: list[_Attached] = []


class _Whole(_Item):
    uuid: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,64}$")]  # it becomes a file's name
    fullName: str = ""  # noqa: N815 - Allure's word
    testCaseId: str = ""  # noqa: N815 - likewise
    status: str = ""
    start: int = 0
    stop: int = 0
    labels: list[_Named] = []
    parameters: list[_Named] = []
    links: list[dict[Literal["name", "url", "type"], str]] = []
    statusDetails: _Details | None = None  # noqa: N815 - likewise


def read(file: Path) -> Result:
    """Read a result; empty if the file holds no whole one: its process was killed, or somebody has altered it."""
    try:
        result: Result = json.loads(read_plain(file))
        _Whole.model_validate(result)
    except (OSError, ValueError, RecursionError):
        return {}
    return result


def _attachments(item: Result) -> Iterator[str]:
    """Yield the files that a result or step names, and those of its steps."""
    yield from (attachment["source"] for attachment in item.get("attachments", ()))
    for step in item.get("steps", ()):
        yield from _attachments(step)


def _identity(result: Result) -> tuple[str, ...]:
    """Return the key by which two results are of one step on one host; Allure uses the same key."""
    parameters = sorted((item.get("name", ""), item.get("value", "")) for item in result.get("parameters", ()))
    return (result.get("testCaseId") or result["fullName"], *(text for pair in parameters for text in pair))


def _chosen(results: list[Result], say: Words) -> list[Result]:
    """Return the earlier results (Allure's retries) and the one to show, last; later findings are added to it."""
    written = {_label(result, "run") for result in results if _label(result, "tag") != FROM_JOURNAL}
    # Documents may have been made while a step was running: its own result says more than that of the journal.
    results = [
        result for result in results if _label(result, "tag") != FROM_JOURNAL or _label(result, "run") not in written
    ]
    results.sort(key=lambda result: result.get("start", 0))
    place = shown([_label(result, "outcome") for result in results])
    results[place].setdefault("steps", []).extend(_later(result, say) for result in results[place + 1 :])
    return results[: place + 1]


def _is_history(result: Result, say: Words) -> None:
    """Mark a failed result as skipped, because its host was rolled back since."""
    details = result.setdefault("statusDetails", {}) or {}
    result["status"] = "skipped"
    result["statusDetails"] = details | {"message": f"{say('allure.rolled_back')} {details.get('message', '')}".strip()}


def _say_labels(result: Result, say: Words) -> None:
    """Translate the project's own labels; those by which Allure identifies a step stay."""
    for label in result.get("labels", ()):
        if label.get("name") == "outcome":
            label["value"] = _in_words(label.get("value", ""), say)
        if label.get("name") in _OWN_LABELS:
            label["name"] = say(f"allure.label.{label['name']}")


def _in_words(outcome: str, say: Words) -> str:
    known = next((one.name.lower() for one in Outcome if one == outcome), "")
    return say.or_else(f"outcome.{known}", outcome)


def _later(result: Result, say: Words) -> Result:
    """Return a step for the shown result: a later run, which left the step of the procedure as it was."""
    message = (result.get("statusDetails") or {}).get("message", "")
    text = say("allure.later", run=_label(result, "run"), outcome=_in_words(_label(result, "outcome"), say))
    step = {"name": text, "status": "passed" if result.get("status") == "passed" else "skipped"}
    times = {name: result[name] for name in ("start", "stop") if name in result}
    return step | times | ({"statusDetails": {"message": message}} if message else {})


def _label(result: Result, name: str) -> str:
    return next((label.get("value", "") for label in result.get("labels", ()) if label.get("name") == name), "")
