"""What is installed: Linkerd's charts on a cluster, with their values."""
