"""Random freight tables: nouns, draws, a naive price of each shipment, and a writer for every table format.

Nothing here reads a table or knows code of the product: what is written in a format and read back has to cost what the
naive price says. A new format adds its writer in `writers`; it says what it can hold, and is drawn no more than that.
"""
