"""One check a file: what it asks, and what it makes of the answer. Pure."""
