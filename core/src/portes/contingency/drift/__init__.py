"""How wrong a table that was exported has become: held against what the store answers live."""
