"""The pages as people meet them, in a browser, run by name: `pytest tests/browser`. Needs Chromium."""
