"""Recordings of others with reference angles: each source one module, the truth in Coxa's definitions."""
