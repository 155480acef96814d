"""What people can be, at all: beyond these a figure was mistyped."""

from __future__ import annotations

#: Stature.
SHORTEST_M, TALLEST_M = 0.5, 2.6
#: Age.
OLDEST_Y = 130
