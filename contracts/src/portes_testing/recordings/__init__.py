"""Cassettes: written, scrubbed, replayed, listed, with their provenance."""
