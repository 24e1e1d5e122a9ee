"""One function for each change that a person makes, one transaction each."""
