"""What the Python below tests/ and bench/ shares."""
