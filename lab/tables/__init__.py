"""The lab's own tables of servers: roles, releases, hosts of a site. They may differ from those of the runbook."""
