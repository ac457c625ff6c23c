"""Whole judgement on simulated shops: what was found, missed, blamed and priced, against what really happened."""
