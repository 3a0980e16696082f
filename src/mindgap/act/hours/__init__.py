"""Hours: business time of units, with holidays and zones; how long a step of a case may take."""
