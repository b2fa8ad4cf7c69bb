"""Notices: what is announced, to whom, by whose leave, and how it is sent."""
