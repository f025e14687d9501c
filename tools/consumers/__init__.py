"""Proof by the consumers themselves: each is installed, and asked about its config before and after a route."""
