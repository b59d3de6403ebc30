"""Nearly empty on purpose: pytest.ini loads the plugins; an option here would let a folder beside an inventory run code."""
