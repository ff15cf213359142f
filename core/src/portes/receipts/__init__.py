"""Receipts: what was asked, answered and decided, kept behind the answer; it knows no engine and no channel."""
