"""Step 1.2.d in section 2: activate the certificates imported on ADS servers, even if this section is run alone.

With `--order documented` it is a separate step, 2.2.activate.
"""

from runbook.section1.test_1_2_d_activate_ads import test_activate_ads

__all__ = ["test_activate_ads"]
