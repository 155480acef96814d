"""Screens and programmes in plain lines."""

from coxa.report.plan.words import plan_lines, screen_lines, workout_lines

__all__ = ["plan_lines", "screen_lines", "workout_lines"]
