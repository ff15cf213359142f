"""Correos (Spain) for Portes: prices from the shop's own tariff, pick-up points from Correos."""
