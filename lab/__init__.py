"""A PCCE deployment on loopback, for rehearsals and tests: it speaks the wire protocols and shares no code with the runbook."""
