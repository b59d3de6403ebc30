"""Failures on demand: the kinds of faults, the file that asks for them, and services that do not start."""
