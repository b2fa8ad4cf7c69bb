"""The console: pages through a test client, and in a real browser."""
