"""Who holds a case, and why."""
