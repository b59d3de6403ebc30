"""Tests of what lies in reports/verification/."""
