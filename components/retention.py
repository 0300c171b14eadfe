"""
The retentions that CloudWatch Logs accepts, in days.

AWS would refuse another number when half of the resources exist, so it is validated here.
"""

# Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
# API_PutRetentionPolicy.html (retentionInDays)
DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
    *(365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def retention_problem(what: str, days: int) -> str:
    """Return what is wrong with a number of days; empty if nothing is."""
    if days in DAYS:
        return ""
    longer = min((known for known in DAYS if known > days), default=DAYS[-1])
    return (
        f"{what} must be a number of days that CloudWatch knows (got {days}). It would refuse "
        f"the log group: it accepts {', '.join(map(str, DAYS))}. Use: {longer}"
    )
