"""Results made readable: one page, one summary, pictures drawn upon. Computes no biomechanics."""
