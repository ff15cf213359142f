"""What a process that is forked from another one must not share with it."""
