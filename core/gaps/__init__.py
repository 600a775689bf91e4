"""Questions the desk had no good answer for, grouped by meaning until a person decides on them."""
