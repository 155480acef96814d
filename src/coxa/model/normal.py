"""What a standard deviation says where errors are normal: intervals and verdicts stand on it."""

from __future__ import annotations

from math import sqrt

#: 95 % of errors lie within this many standard deviations, on both sides.
Z95 = 1.96
#: From a standard error of measurement to the least change that exceeds it in 19 of 20 retests (Weir 2005, J
#: Strength Cond Res 19:231).
MDC_PER_SEM = Z95 * sqrt(2.0)
