"""Tests of what lies in reports/terminal/."""
