"""What the bot says: one dialogue a file, and the sentences as data."""
