"""Releases: models that learnt the knowledge, which of them is live, and how each came about."""
