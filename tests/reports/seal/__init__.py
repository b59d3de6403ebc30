"""Tests of what lies in reports/seal/."""
