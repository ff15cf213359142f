"""Receipts: what was asked, answered and decided, kept behind the answer."""
