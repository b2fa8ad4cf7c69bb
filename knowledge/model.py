"""The trained model, for those who keep it: how to make one, how to store one."""

from knowledge.trained import RECIPE, Model
from knowledge.training import train

__all__ = ["RECIPE", "Model", "train"]
