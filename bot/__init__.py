"""The machine: everything between LINE and what the bot says."""
