"""The format `mapping`: a file that its operator describes column by column, in a TOML file beside it."""
