"""Places that a tariff calls by name, as ranges of postal codes."""
