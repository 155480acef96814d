"""How older records become newer ones."""
