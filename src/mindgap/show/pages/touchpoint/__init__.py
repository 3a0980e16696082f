"""One touchpoint: what it is like there, whether that is real, and what to do now."""
