"""Tests of the imitated mirror controllers."""
