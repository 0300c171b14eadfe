"""Tests of what measures the budgets."""
