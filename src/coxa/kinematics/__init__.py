"""Arrays in, arrays out: rotations, segment frames, hip centres and joint angles."""
