"""Those whom we serve: people with their addresses, organisations, representatives."""
