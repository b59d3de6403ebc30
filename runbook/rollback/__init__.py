"""The way back; collected only when it is named: `pytest runbook/rollback --change ID`."""
