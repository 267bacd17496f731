"""What a person of ours is to do on a case, by when, and who did it."""
