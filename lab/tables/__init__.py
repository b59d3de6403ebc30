"""What the lab itself knows of servers: roles, releases, hosts of a site. It may differ from what the runbook knows."""
