"""CVP servers and ADS servers exchange their certificates."""
