"""Pages in `mlops serve`: for people with a browser, who look and change nothing."""
