"""Question to reply, and the people around it."""
