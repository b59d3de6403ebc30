"""What the world may send at its worst: every parser against inputs made to hold it up, and against garbage."""
