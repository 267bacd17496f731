"""Guards that hold for the whole house: who may do what, what never changes, what every page must be."""
