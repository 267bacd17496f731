"""Customers and contracts from a CSV file: columns named, tried without writing, then loaded row by row."""
