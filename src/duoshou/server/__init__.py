"""One process that serves the web app, the REST API and the daily job over one workspace."""
