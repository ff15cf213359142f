"""The commands, one a file; none knows another."""
