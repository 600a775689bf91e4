"""Menus of the official accounts: drafted, checked, published, and whom each is shown to."""
