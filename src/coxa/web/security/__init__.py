"""Who is there, and what browsers are told to refuse."""
