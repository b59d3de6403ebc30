"""For all tests: how long an example takes says nothing on a busy machine."""

from __future__ import annotations

import os
import signal
import tempfile
import threading

from hypothesis import settings

settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Where Python is told to keep no compiled modules, each of the hundreds of programs that tests start would compile all
# of ours again, for a second: they share what one of them has compiled, until the tests end.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", "") and "PYTHONPYCACHEPREFIX" not in os.environ:
    _compiled = tempfile.TemporaryDirectory(prefix="compiled-")
    os.environ["PYTHONPYCACHEPREFIX"] = _compiled.name

# A shell that starts us in the background has Ctrl-C ignored: the programs that tests start must hear it all the same.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)  # `nohup` is for us: programs that are started hear it
