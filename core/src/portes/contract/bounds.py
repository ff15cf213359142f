"""The largest number, text and list that a noun holds, each with its reason: all later arithmetic fits 64 bits."""

from typing import Final

LARGEST_WHOLE: Final = 2**63 - 1
"""A whole number: receipts, and most languages that read our JSON, keep 64 bits with a sign."""
LARGEST_ID: Final = 2**31 - 1
"""A number that a shop gives an origin or a carrier: marketplaces keep 32 bits."""

MOST_LINES: Final = 2_000
"""Lines of a question: against bodies that are all commas; stores answer 200 unless they set more."""
MOST_UNITS: Final = 100_000
"""Units that a store may allow in one question, all lines together; the bounds of a parcel are a unit's, so many times.
"""
MOST_QUANTITY: Final = 1_000_000
"""Units of a line, and equal parcels: ten times what any store allows, so that too many are told as too many."""

HEAVIEST_UNIT: Final = 100_000_000
"""Grams of one unit, a hundred tonnes: no lorry of any country may weigh more with its load."""
LONGEST_SIDE: Final = 30_000
"""Millimetres of a side of one unit, thirty metres: no lorry is longer."""
DEAREST_UNIT: Final = 10_000_000_000
"""Minor units that one unit is worth, a hundred million of most currencies: dearer goods go with no parcel carrier."""

HEAVIEST_PARCEL: Final = HEAVIEST_UNIT * MOST_UNITS
"""Grams of one parcel: all units of a question packed together."""
LONGEST_BOX: Final = 2_000_000
"""Millimetres of a side of a parcel: the largest cube, 8 * 10**18 mm³, fits 64 bits and holds all units of a question.
"""
LARGEST_VOLUME: Final = LONGEST_BOX**3
"""Cubic millimetres of one parcel."""
DEAREST_PARCEL: Final = DEAREST_UNIT * MOST_UNITS
"""Minor units that one parcel is worth: all units of a question packed together."""

MOST_MONEY: Final = 10**18
"""Minor units of an amount of any kind: room for a thousand of the dearest parcels, and for prices raised by rules."""
DEAREST_RATE: Final = 10**12
"""Minor units that a carrier may ask for a shipment, ten thousand million of most currencies: more is a mistake."""
DEAREST_EXTRA: Final = 10**10
"""Minor units that a shop may add to a service's cost."""

MOST_DAYS: Final = 365
"""Business days that a shop adds; more than a year of them is a mistake."""
LONGEST_SPAN: Final = 36_525
"""Business days of a transit time or a promise: all the days of the hundred years that calendars know."""
LONGEST_WAIT: Final = 366 * 86_400
"""Seconds of any duration, a leap year: far below what timers of the operating system take."""
FARTHEST: Final = 40_100_000
"""Metres to a pick-up point: once around the earth."""

LONGEST_NAME: Final = 200
"""Characters of an id, a SKU, a name or another text that stands in a line."""
LONGEST_WORDS: Final = 600
"""Characters of a carrier's own words; what a plugin adds to 300 of them finds room beside."""
MOST_NAMED: Final = 100
"""Tags, surcharges, notes or pick-up points: more than anybody reads."""
MOST_SERVICES: Final = 1_000
"""Services of one carrier, and so outcomes of one answer of each kind."""
