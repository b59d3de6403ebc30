"""The procedure end to end at length: whole solutions, bad worlds. A job of its own: `.venv/bin/pytest tests/solution`."""
