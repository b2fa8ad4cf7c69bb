"""What is wrong with the running of things, and telling somebody: one part-time person watches no dashboard."""
