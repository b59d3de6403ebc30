"""cmd.exe: from the text of a line to what runs."""
