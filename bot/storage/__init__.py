"""Tables, and the questions asked of them. One aggregate a module; no commits in here."""
