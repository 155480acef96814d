"""Types of the catalogue's data: strict, frozen, each group of numbers with its source and trust."""
