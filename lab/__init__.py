"""A PCCE deployment on loopback, for rehearsals and tests.

It speaks the wire protocols and shares no code with the runbook.
"""
