"""Web services that call flows call."""
