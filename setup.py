"""This project is cloned, not installed: its folders (`fixtures`, `reports`) bear names that others have, too."""

from __future__ import annotations

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel


class _Refused(bdist_wheel):
    """No wheel is built; an editable installation, which the requirements ask for, does not come this way."""

    def run(self) -> None:
        """Say how to install instead."""
        message = (
            "This project is no package: its folders (fixtures, checks, reports, lab ...) would lie beside others' "
            "packages under names that these use, too. Clone it, and install what it needs from its folder: "
            "pip install -r requirements/rehearsal.txt (README.md, 'Two commands')."
        )
        raise SystemExit(message)


setup(cmdclass={"bdist_wheel": _Refused})
