"""What needs a person of the centre: opened by the bot or a citizen, taken, answered and closed by staff."""
