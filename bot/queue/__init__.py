"""Durable work: the inbox, the jobs, the schedule, and the wake-up that makes them prompt."""
