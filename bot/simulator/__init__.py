"""A LINE platform on your desk: its Messaging API, its webhooks, and a control API to play the people.

It imports nothing of ours and speaks HTTP only, like LINE. In this room an *event* is what LINE calls one: what a
webhook carries.
"""

from bot.simulator.app import create_simulator
from bot.simulator.config import SimulatorConfig

__all__ = ["SimulatorConfig", "create_simulator"]
