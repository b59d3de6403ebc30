"""cmd.exe: from the text of a line to the programs that run."""
