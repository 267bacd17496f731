"""The demo company: people, words and stories that `apaise run --demo` plays through the ordinary verbs."""
