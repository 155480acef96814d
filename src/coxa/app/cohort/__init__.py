"""Many recordings, one table: what is to be done, what was done, and what it says."""
