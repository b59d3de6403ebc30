"""Setup: make a state on disk from a site file, with keys, certificates, stores and existing trust."""
