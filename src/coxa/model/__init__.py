"""Frozen data that everything above speaks: recordings, motions, cameras, errors."""
