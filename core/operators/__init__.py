"""Operators: the people of the desk, their roles and how they prove who they are."""
