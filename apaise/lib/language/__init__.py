"""Reading sentences: where they begin and end, what is only a greeting, letters without their accents."""
