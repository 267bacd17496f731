"""What happens when a date is near or missed, and the register of those that were."""
