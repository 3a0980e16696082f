"""Cases: what one customer is owed, from the complaint to their word that it was put right."""
