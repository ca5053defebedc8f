"""The nouns: frozen dataclasses and enums that every room shares. No I/O, nothing of ours imported."""
