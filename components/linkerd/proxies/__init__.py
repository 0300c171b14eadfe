"""Linkerd's proxies: who gets one, and how it differs."""
