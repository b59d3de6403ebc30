"""Tests of what ports present."""
