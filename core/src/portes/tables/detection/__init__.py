"""Which format a file of unknown layout is in, and a mapping to begin with where it is in none."""
