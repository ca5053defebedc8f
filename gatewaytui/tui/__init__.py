"""Face one: the console."""
