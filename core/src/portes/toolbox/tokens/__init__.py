"""Access tokens: what they are, where they are kept, and one fetch for all who wait."""
