"""Where results go: files written as a stream into a folder that appears all at once."""
