"""Duoshou 舵手: the workbench of the person who runs an online shop."""

__version__ = "0.1.0"
