"""Jamef of Brazil as a carrier for Portes; it knows no store and no other carrier."""
