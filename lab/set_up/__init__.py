"""From a site file to a state on disk: keys, certificates, stores, and who trusts whom already."""
