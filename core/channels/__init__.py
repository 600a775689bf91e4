"""Channels: the accounts through which citizens reach the office, and how well each works."""
