"""Evidence into documents: implements the evidence hooks of the runbook."""
