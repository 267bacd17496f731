"""Very many cases in little time, for measuring only; see load.py."""
