"""Benchmarks with a peer in the same run: `make bench`. They tell figures and assert none."""
