"""After verification."""
