"""How files of rate tables are laid out, each format an entry point of its own."""
