"""Allure's results and its page: what a step's result holds, and the program that makes the page."""
