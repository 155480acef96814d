"""Sees an exercise being done, counts it, and says one helpful thing at a time. No clock, no I/O."""
