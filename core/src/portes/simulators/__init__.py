"""Serves carriers' simulators, for the demo, for recording and for tests; it knows no carrier."""
