"""What a verification leaves for other programs, and two of them compared."""
