"""Everything that carries words in or out. `receive` is the only way in, the gate the only way out."""
