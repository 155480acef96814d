"""The figures of an assessment, each in a room of its own."""
