"""What the tests of all rooms share: Hypothesis without a stopwatch, because a busy machine is no bug."""

from hypothesis import settings

settings.register_profile("house", parent=settings(), deadline=None)
settings.load_profile("house")
