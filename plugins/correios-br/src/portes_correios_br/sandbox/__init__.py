"""A simulator of Correios' APIs for tokens, prices and times: real questions, invented prices.

It is as strict as the documents, and imports nothing of Portes but the clock. Where nobody published what Correios
does, the simulator's own choice is marked as such in the module that makes it.
"""

from portes_correios_br.sandbox.app import Sandbox

__all__ = ["Sandbox"]
