"""The journal of a run: written while the run goes on, followed live, and read again afterwards."""
