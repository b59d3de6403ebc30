"""Before anything changes: read-only, on every host concerned."""
