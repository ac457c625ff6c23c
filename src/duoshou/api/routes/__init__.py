"""One module for each page's JSON twin; each has a `router`."""
