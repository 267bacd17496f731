"""The append-only record of every change: ids, codes and amounts, never a customer's words."""
