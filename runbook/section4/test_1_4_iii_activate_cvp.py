"""Step 1.4.iii in section 4: activate the certificates imported on CVP servers, even if this section is run alone.

With `--order documented` it is a separate step, 4.2.activate.
"""

from runbook.section1.test_1_4_iii_activate_cvp import test_activate_cvp

__all__ = ["test_activate_cvp"]
