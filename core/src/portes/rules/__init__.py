"""The aggregation rules, one small file each: offers in, offers out; none knows a carrier."""
