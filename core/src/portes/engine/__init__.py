"""Plan, ask, decide: a question becomes a quote."""
