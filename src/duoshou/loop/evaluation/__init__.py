"""What was done, held against what would have been: which cases are open, over which days, against whom, in money."""
