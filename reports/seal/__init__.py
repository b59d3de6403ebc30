"""Evidence that can be checked: the manifest, its signature, and what is set aside."""
