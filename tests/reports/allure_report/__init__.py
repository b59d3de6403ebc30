"""Tests of what lies in reports/allure_report/."""
