"""Facts that people who may not handle a case add to it: context notes."""
