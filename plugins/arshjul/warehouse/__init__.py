"""The one way to the database: the embedded server, engines, statements from files, and migrations."""
