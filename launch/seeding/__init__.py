"""A believable office for an empty database: told through the services, at the times it happened."""
