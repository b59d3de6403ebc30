"""Nearly empty on purpose: pytest.ini loads the plugins, so that no folder beside an inventory can run code."""
