"""What may leave the machine: an allow-list record, redaction of free text, and a gate that refuses leaks."""
