"""Tickets in incident systems elsewhere that a case is about."""
