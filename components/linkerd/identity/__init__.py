"""Certificates of the mesh: trust anchor, identity issuers, webhooks."""
