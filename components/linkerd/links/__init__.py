"""One direction between two clusters: access on the target, `Link` on the source, exports."""
