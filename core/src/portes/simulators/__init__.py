"""Serves carriers' simulators, for the demo, for recording and for tests."""
