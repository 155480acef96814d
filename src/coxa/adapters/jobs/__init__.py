"""Jobs in the database, and their files on the disk.

The table is the queue. Another queue beside it would have to agree with it after every crash; claiming a row
by one conditional update cannot disagree, works on SQLite and PostgreSQL alike, and lets the row that says
"done" be kept in one transaction with the entries that were made: a job is done once, wherever it is killed.
"""
