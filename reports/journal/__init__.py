"""The journal of a run: written while it goes on, followed live, read again afterwards."""
