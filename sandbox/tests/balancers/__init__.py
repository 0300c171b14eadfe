"""Tests of the imitated load balancer controllers."""
