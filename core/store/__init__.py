"""The only place that knows the database: tables, queries, audit and migrations."""
