"""Engines that work through the recordings of a cohort: one after another, side by side, or on many machines."""
