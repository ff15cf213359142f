"""The table that a marketplace falls back on, when it discards an answer or gets none: built, and held to the truth."""
