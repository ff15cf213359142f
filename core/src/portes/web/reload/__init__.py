"""Changed files taken up while the service runs: noticed, loaded, told to the workers; it answers no call."""
