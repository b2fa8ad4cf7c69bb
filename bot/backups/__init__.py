"""Copies of the whole state: made while everything runs, checked, kept for a while, and put back."""
