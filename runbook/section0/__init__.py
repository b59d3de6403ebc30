"""Preflight checks, before anything changes: read-only, on every host concerned."""
