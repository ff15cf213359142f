"""The HTTP service: channels on a public address, operators' pages on one of their own."""
