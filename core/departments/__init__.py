"""Departments: the office as a tree of units that can be given a case."""
