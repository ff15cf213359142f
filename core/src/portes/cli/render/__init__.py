"""What commands print: quotes, stories, tables; it asks nobody and opens nothing."""
