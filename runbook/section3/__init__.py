"""Roggers, PGs and ECE: IIS and Diagnostic Framework certificates."""
