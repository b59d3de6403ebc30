"""The results of a verification for other programs, and the comparison of two verifications."""
