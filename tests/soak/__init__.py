"""Longer sweeps, run by name: `pytest tests/soak`. Samples of them are in tests/runbook."""
