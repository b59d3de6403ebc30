"""The procedure at length: whole solutions, bad worlds. A job of its own: `.venv/bin/pytest tests/solution`."""
