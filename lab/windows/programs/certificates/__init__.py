"""Programs about certificates and keystores."""
