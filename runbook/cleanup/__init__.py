"""The cleanup after a change; collected only if named: `pytest runbook/cleanup --change ID --older-than DAYS`."""
