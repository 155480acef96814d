"""Engines that work through the recordings of a cohort: one by one, side by side, or on many machines."""
