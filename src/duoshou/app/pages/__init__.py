"""One typed context for each page of the cockpit; the HTML page and its JSON twin show the same."""
