"""A simulator of Jamef's API for logins and prices: real questions, invented prices.

It is as strict as the documents, keeps the limit of one login a minute, and imports nothing of Portes but the clock.
Where nobody published what Jamef does, the simulator's own choice is marked as such in the module that makes it.
"""

from portes_jamef.sandbox.app import Sandbox

__all__ = ["Sandbox"]
