"""Use cases and the ports they need; no adapter is known here."""
