"""Personal data taken out of text. A leaf: every message goes through it before it is kept, and so do the logs.

What is found and what is not, with figures: `docs/masking.md`.
"""

from bot.masking.in_logs import mask_for_logs
from bot.masking.in_messages import mask
from bot.masking.writing import plain

__all__ = ["mask", "mask_for_logs", "plain"]
