"""Disclosure: what is rounded or withheld before it is published, and what a publication gives away all the same."""
