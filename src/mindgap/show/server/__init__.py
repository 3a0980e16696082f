"""One port, two lanes: the public lane without Django, the office lane with it."""
