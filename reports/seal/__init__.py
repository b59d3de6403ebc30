"""The seal of the evidence: its manifest, the signature, and the files that are set aside."""
