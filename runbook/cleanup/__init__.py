"""Cleaning up; collected only when it is named: `pytest runbook/cleanup --change ID --older-than DAYS`."""
