"""Starts the whole desk on one machine: for `make run`, and for tests that need it alive."""
