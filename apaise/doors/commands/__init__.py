"""The commands of `apaise`: each module parses its arguments, calls a verb and prints."""
