"""What the terminal shows: the live view, the summary, the matrix of trusts."""
