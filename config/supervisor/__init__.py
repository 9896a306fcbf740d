"""Starts everything that one counter needs on one machine, and ends it together."""
