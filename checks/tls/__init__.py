"""Handshakes of TLS: the leaf and chain that a port presents, and the versions that a Java speaks."""
