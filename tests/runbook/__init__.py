"""The runbook as people run it, as a program on the lab; judged by clients that share no code with it."""
