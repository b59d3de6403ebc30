"""The output on the terminal: the live view, the summary, the matrix of trusts."""
