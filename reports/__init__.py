"""Documents made from the evidence of a run; implements the evidence hooks of the runbook."""
