"""What the coach shows: the picture with its count and cue, the summary, and exercises in words."""
