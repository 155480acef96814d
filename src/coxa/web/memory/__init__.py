"""What one server remembers while it runs: tries, requests, open questions. All of it is bounded."""
