"""Windows paths on a host's drive. Names compare without regard to case, as on Windows."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

from lab.windows.short_names import named


def locate(drive: Path, windows_path: str) -> Path:
    r"""Where `C:\\...` lies on this machine: an existing name in whatever case it has, else the name as written."""
    place = drive
    for name in PureWindowsPath(windows_path).parts[1:]:
        place = _child(place, name)
    return place


def windows_name(drive: Path, place: Path) -> str:
    r"""What the host calls a place on its drive: `C:\\...`."""
    return str(PureWindowsPath("C:\\", *place.relative_to(drive).parts))


def _child(folder: Path, name: str) -> Path:
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    wanted = name.casefold()
    found = next((entry for entry in folder.iterdir() if entry.name.casefold() == wanted), None)
    return found or folder / (named(folder, name) or name)


def fingerprint_of_files(folder: Path) -> frozenset[tuple[str, int, int, int]]:
    """Path, size, time and inode of every file and folder below: equal before and after means nothing was written."""
    seen: set[tuple[str, int, int, int]] = set()
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            try:
                status = entry.lstat()
            except OSError:
                continue  # gone while we looked: another command is at work
            if entry.is_dir():
                waiting.append(entry)
                seen.add((str(entry), 0, 0, status.st_ino))
            else:
                seen.add((str(entry), status.st_size, status.st_mtime_ns, status.st_ino))
    return frozenset(seen)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
