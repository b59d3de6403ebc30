"""VOS appliances (CUCM, Finesse, CUIC, VVB, ...): one model of a node, used by its command line and its pages."""
