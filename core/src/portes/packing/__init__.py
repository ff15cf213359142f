"""How items become parcels, one packer per file; none knows a carrier."""
