"""Pages of the rules: read a pack, change the company's own, say who is reached, publish the public page."""
