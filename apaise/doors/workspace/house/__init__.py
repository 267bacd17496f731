"""What concerns the whole house: missed dates, who is told."""
