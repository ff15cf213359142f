"""Changed files taken up while the service runs: noticed, loaded, announced to the workers; it answers no call."""
