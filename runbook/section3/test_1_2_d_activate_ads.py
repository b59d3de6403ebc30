"""Step 1.2.d: what section 3 has brought to the ADS servers goes live, also when this section is run alone.

In the documents' order (`--order documented`) it is a step of this section's own, 3.3.activate.
"""

from runbook.section1.test_1_2_d_activate_ads import test_activate_ads

__all__ = ["test_activate_ads"]
