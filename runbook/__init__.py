"""The procedure in document order: one folder a section, one file a step."""
