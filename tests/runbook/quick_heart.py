"""A pytest plugin for tests: a heart that beats, is doubted and is dead sooner, so that nobody waits half a minute."""

from __future__ import annotations

from fixtures.run import heartbeat

DOUBTED, DEAD = 5.0, 6.0  # seconds
vars(heartbeat).update(_BEAT_EVERY=0.5, _DOUBTED_AFTER=DOUBTED, DEAD_AFTER=DEAD)
