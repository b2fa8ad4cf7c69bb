"""What the organisation does. No Flask, no LINE, no commit: a service works inside its caller's transaction."""
