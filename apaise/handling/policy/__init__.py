"""The rules we work by, in plain words: for the staff who live by them, and for everybody who complains."""
