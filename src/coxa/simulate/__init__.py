"""Scripted people seen by any source: the truth for tests, demonstrations and golden traces."""
