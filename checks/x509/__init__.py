"""X.509 certificates, read as Java reads them and judged by the policy."""
