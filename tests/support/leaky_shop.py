"""A shop whose carrier tells its secrets wherever it can: its file, but for the channels."""

from pathlib import Path

LEAKY = Path(__file__).parents[1] / "web" / "leaky"
"""Where the carrier is installed."""
STORE = """
[service]
state = "state"

[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"

[[origins]]
id = 1
postal_code = "01001000"

[carriers.leaky]
use = "leaky"
id = 1
[carriers.leaky.settings]
password = "${{PASSWORD}}"
mood = "{mood}"
[[carriers.leaky.services]]
code = "n"
delivery = "normal"
card = "file:card"
"""
