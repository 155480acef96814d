"""Rendered test subjects: people of known shape, posed by the body model, drawn as a camera would see them."""
