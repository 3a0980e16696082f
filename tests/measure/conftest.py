"""Examples are drawn the same way every time and are not timed: a busy machine is no bug."""

from hypothesis import settings

settings.register_profile("measure", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("measure")
