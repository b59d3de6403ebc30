"""`plan.html`: what a change will do, for the board that approves it; made of plan.json."""
