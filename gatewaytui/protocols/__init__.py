"""Wire dialects, sans-I/O: nouns to requests, bytes to nouns."""
