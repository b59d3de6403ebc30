"""Windows paths on a host's drive. Names are case-insensitive, as on Windows."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from lab.windows.short_names import named


def locate(drive: Path, windows_path: str) -> Path:
    r"""Return the place of `C:\\...` on this machine: an existing name in its own case, else the name as written."""
    place = drive
    for name in PureWindowsPath(windows_path).parts[1:]:
        place = _child(place, name)
    return place


def windows_name(drive: Path, place: Path) -> str:
    r"""Return the host's path of a place on its drive: `C:\\...`."""
    return str(PureWindowsPath("C:\\", *place.relative_to(drive).parts))


def _child(folder: Path, name: str) -> Path:
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    wanted = name.casefold()
    found = next((entry for entry in folder.iterdir() if entry.name.casefold() == wanted), None)
    return found or folder / (named(folder, name) or name)
