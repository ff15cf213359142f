"""The marketplaces that may ask, one per file; each knows its own words and no other."""
