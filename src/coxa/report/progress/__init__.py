"""How somebody is getting on, for people: lines of a terminal, and a page."""
