"""Tests of what lies in reports/pages/."""
