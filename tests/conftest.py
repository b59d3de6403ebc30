"""For all tests: how long an example takes says nothing on a busy machine."""

from __future__ import annotations

import signal
import threading

from hypothesis import settings

settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# A shell that starts us in the background has Ctrl-C ignored: the programs that tests start must hear it all the same.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)  # `nohup` is for us: programs that are started hear it
