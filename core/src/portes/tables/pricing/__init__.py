"""From a row of a table to what it comes to."""
