"""Generated descriptions: valid ones, and ways to break them in one place."""
