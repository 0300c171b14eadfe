"""Settings of all tests."""

from hypothesis import settings

# Fifty examples decide as much here as a hundred. A busy machine is no failure, and no folder with
# examples is left behind.
settings.register_profile("linkmesh", max_examples=50, deadline=None, database=None)
settings.load_profile("linkmesh")
