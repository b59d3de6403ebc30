"""The source documents against the runbook: docs/coverage.yaml, the page made from it, and what keeps both true."""
