"""`mesh preview`, `mesh up` and `mesh destroy`."""
