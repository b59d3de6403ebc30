"""Tests of the certificates that this project reads and judges."""
