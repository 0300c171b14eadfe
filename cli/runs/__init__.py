"""One operation on every stack of an environment, in order, with progress and locks."""
