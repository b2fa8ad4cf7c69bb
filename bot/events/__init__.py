"""Civic events: what is coming, who takes part, who waits for a seat, and who came. No Flask, no LINE, no commit."""
