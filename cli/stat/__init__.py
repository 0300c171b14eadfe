"""
`mesh stat`: success rates, requests per second and latencies of an environment, from Prometheus.

`query` validates the arguments, `promql` writes queries, `prometheus` sends them, `figures`
computes metrics, `pods` counts meshed pods, `collect` does this for all clusters, and `render`
shows the rows.
"""
