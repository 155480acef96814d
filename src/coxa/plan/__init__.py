"""From findings to a programme that changes with the person: pure, and below a screen that may stop it."""
