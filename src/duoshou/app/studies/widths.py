"""Widths of columns that every study has."""

NAME = 34.0
NARROW = 9.0
