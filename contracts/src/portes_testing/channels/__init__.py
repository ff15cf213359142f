"""The suite of channels: calls go in, quotes come back, and every reply is read as its marketplace reads it."""
