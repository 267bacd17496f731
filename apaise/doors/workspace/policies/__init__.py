"""Pages about policy packs."""
