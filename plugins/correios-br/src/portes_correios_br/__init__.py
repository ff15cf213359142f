"""Correios of Brazil as a carrier of Portes: prices and delivery times from its REST API; it knows no marketplace."""
