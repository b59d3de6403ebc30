"""VOS appliances (CUCM, Finesse, CUIC, VVB, ...): one model of a node, on which its command line and pages stand."""
