"""What happens next: the table of reactions, the task queue on the case database, the periodic work."""
