"""A carrier for Portes whose tariff is a file."""
