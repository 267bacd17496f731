"""How a case is decided and answered."""
