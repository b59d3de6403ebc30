"""The certificates of web services that call flows use."""
