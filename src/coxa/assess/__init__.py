"""From motions to what a person acts on: repetitions, who did the moving, norms, verdicts. Pure functions."""
