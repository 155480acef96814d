"""Which finding is told first: larger weights go before smaller ones."""

from __future__ import annotations

SPOILT = 90.0
FEW_STEPS = 90.0
CHEATED = 80.0
ASYMMETRIC = 70.0
HELPED = 65.0  # what help from outside sets free
NORM = 60.0
TARGET = 55.0
SHAPE_OF_STRIDE = 50.0
UNSURE = 40.0
STRIDES = 30.0
UNNORMED = 20.0
CLEAN = 10.0
