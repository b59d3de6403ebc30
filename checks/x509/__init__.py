"""Certificates of X.509: reading them as Java does, and judging them by the policy."""
