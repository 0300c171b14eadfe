"""Tests of the package that makes EKS clusters."""
