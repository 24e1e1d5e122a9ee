"""What is true without a web or a database: frozen facts on a day, and questions."""
