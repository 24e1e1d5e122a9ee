"""What each authority lays down: a package for each procedure, and none of them knows another."""
