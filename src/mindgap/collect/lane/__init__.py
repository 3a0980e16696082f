"""The public lane: what comes in over HTTP, kept before it is acknowledged, without Django on the way."""
