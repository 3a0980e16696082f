"""What every page stands in: who is asking, the rail, the bar, the shared parts."""
