"""Allure's results and report: the content of a step's result, and the program that makes the page."""
