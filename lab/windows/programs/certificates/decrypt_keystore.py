r"""`%CVP_HOME%\bin\DecryptKeystoreUtil.bat`: prints the password of a CVP's keystore, since 12.6(2)."""

from __future__ import annotations

from collections.abc import Callable

from lab.windows.invocation import Invocation, Program


def decrypt_keystore_util(password: Callable[[], str | None]) -> Program:
    """Return the program; `password` is called at each run and returns None when there is nothing to decrypt."""

    def run(invocation: Invocation) -> int:
        found = password()
        if found is None:
            invocation.stderr.line("Unable to decrypt the keystore password.")  # guess
            return 1
        # guess: no source shows the text around the password
        invocation.stdout.line(found)
        return 0

    return run
