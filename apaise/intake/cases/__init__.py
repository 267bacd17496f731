"""The case: its messages, grievances, life cycle, deadlines and links."""
