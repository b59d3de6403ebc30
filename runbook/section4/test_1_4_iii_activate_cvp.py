"""Step 1.4.iii: what section 4 has brought to the CVP servers goes live, also when this section is run alone.

In the documents' order (`--order documented`) it is a step of this section's own, 4.2.activate.
"""

from runbook.section1.test_1_4_iii_activate_cvp import test_activate_cvp

__all__ = ["test_activate_cvp"]
