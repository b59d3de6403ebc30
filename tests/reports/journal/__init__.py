"""Tests of what lies in reports/journal/."""
