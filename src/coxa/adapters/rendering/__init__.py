"""Rendered test subjects: people posed by the body model, drawn as a camera would see them."""
