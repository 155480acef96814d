"""The record of people: SQLite in a folder of one's own, or PostgreSQL; files beside it, by content."""
