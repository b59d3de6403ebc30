"""Programs about files and folders."""
