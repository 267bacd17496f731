"""What an administrator needs to sleep: safe copies, their return, and a look at the health of the place."""
