"""The suite of catalogues' sources: what is known goes in, and what a store reads of it is held to that."""
