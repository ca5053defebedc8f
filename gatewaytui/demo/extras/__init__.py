"""The endpoints beside chat: vectors, ranks, images, sound, counted tokens, compacted conversations."""
