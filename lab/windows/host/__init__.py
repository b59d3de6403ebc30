"""A Windows host of the lab: its drive, stores, registry, services and what they load."""
