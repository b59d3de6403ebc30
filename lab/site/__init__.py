"""A site of the lab: its file, keys, secrets, addresses and what is set up before it starts."""
