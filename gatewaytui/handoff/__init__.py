"""What a proven endpoint turns into: client snippets with the key as a variable."""
