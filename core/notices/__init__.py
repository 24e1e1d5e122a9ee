"""Facts in, a message or an invitation out, and the mail server; no database here."""
