"""Step 1.2.d in section 3: activate the certificates imported on ADS servers, even if this section is run alone.

With `--order documented` it is a separate step, 3.3.activate.
"""

from runbook.section1.test_1_2_d_activate_ads import test_activate_ads

__all__ = ["test_activate_ads"]
