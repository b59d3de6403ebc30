"""Step 1.2.d: what section 3 has brought to the ADS servers goes live, also when this section is run alone."""

from runbook.section1.test_1_2_d_activate_ads import test_activate_ads

__all__ = ["test_activate_ads"]
