"""Demonstrations of exercises as animated figures: drawings, a body for 3D viewers, a stream of joints."""
