"""Words as platforms take them: cleaned, cut into parts, with choices a citizen can make."""
