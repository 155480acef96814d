"""Printed boards: made on paper, found in pictures."""
