"""How often customers buy, whether they still do, and what they spend in a purchase."""
