"""The table that a marketplace falls back on, made by asking a store what it would answer live."""
