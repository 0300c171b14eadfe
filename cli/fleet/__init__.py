"""`mesh matrix` and `mesh operator`: an environment for engines that run on many machines."""
