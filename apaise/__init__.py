"""Apaise: customer complaints and disputes, from the first angry sentence to the last kept promise."""

__version__ = "0.1.0"
