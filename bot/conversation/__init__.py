"""How a turn runs, whatever it is about."""
