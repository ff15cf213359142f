"""Plan, ask, decide: a question becomes a quote; it knows no HTTP and no carrier by name."""
