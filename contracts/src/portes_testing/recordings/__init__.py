"""Cassettes: written, scrubbed, replayed, listed, with their provenance; it knows no carrier."""
