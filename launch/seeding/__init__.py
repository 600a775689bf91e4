"""A believable office for an empty database, told through services at the times it happened."""
