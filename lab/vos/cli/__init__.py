"""The command line of a VOS appliance over SSH."""
