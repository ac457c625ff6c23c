"""Which combinations of attributes explain that a number left its expectation."""
