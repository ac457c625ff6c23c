"""The sheets of the daily book, one module each."""
