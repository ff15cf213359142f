"""The contract kit of Portes."""
