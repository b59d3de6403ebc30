"""Section 1, outside the trust table: what step 0.8 has found."""
