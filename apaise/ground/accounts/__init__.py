"""Staff: who they are, what their role allows, which function they hold, how they sign in, what they are told."""
