"""Strange inputs from fixed seeds at every door, each answer held against an independent reading."""
