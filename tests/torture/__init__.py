"""Hostile load against a real server, by hand: prints figures and asserts nothing. pytest collects none of it."""
