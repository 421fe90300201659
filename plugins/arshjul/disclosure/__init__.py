"""Disclosure control: what leaves the house must not reveal a person, not even beside everything that has left before."""
