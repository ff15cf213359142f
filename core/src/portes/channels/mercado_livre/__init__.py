"""Mercado Livre's dynamic freight of ME1 ("Frete Dinâmico")."""

from portes.channels.mercado_livre.channel import MercadoLivre

__all__ = ["MercadoLivre"]
