"""`plan.html`, made from plan.json: the work of a change, for the board that approves it."""
