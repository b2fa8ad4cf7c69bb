"""The FAQ's versions: the files ship the first one, after that the database is the truth."""
