"""LINE's rules for what a bot may send: one module a family of messages, and `table` with where each rule is from."""
