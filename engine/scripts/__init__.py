"""A run as a script that reproduces its parameters without the playground."""

from engine.scripts.numpy_script import numpy_script
from engine.scripts.pytorch_script import pytorch_script
from engine.scripts.stretches import numbers_needed

__all__ = ["numbers_needed", "numpy_script", "pytorch_script"]
