"""
Golden metrics of an environment: success rate, requests a second and latencies, from Prometheus.

`queries` writes what is asked, `prometheus` asks, `figures` computes, `pods` counts what is meshed,
`collecting` does so on every cluster, `rendering` shows it, and `command` is what a person types.
"""
