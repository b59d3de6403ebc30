"""The rollback of a change; collected only if named: `pytest runbook/rollback --change ID`."""
