"""Muniment, the register of a cloud estate."""

__version__ = "0.1.0"
