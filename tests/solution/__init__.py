"""The whole procedure end to end, on sites that take minutes: a job of its own, `.venv/bin/pytest tests/solution`."""
