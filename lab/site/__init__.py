"""A site file: read and checked, with the addresses that a lab gives its hosts and the inventory that it writes."""
