"""Pure judgement: what an Exchange and its Reading mean. Knows nouns only: no I/O, no wire formats."""
