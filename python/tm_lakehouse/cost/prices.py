"""What AWS bills for a query or a job run, by its public rules. Pure.

Athena: https://aws.amazon.com/athena/pricing/ (bytes scanned, rounded up to a mebibyte, at least ten a query; DDL,
failed queries and reused results are free, cancelled queries cost what they had scanned).
Glue: https://aws.amazon.com/glue/pricing/ (DPU-hours by the second, at least a minute a run).
"""

MIB = 1 << 20
TIB = 1 << 40
LEAST_BILLED_BYTES = 10 * MIB
LEAST_BILLED_SECONDS = 60
# What AWS charges in us-east-1 and most regions; TM_PRICE_* name others.
DOLLARS_PER_TIB_SCANNED = 5.0
DOLLARS_PER_DPU_HOUR = 0.44


def billed_bytes(kind: str, state: str, bytes_scanned: int, *, is_reused: bool = False) -> int:
    """Bytes that Athena bills for a statement; `kind` and `state` are the API's StatementType and State."""
    # A CREATE TABLE AS is DDL that scans; what scans nothing is free unless it is a query that ran.
    is_free = is_reused or state not in ("SUCCEEDED", "CANCELLED")
    if is_free or (not bytes_scanned and (kind != "DML" or state == "CANCELLED")):
        return 0
    return max(-(-bytes_scanned // MIB) * MIB, LEAST_BILLED_BYTES)


def scan_dollars(bytes_billed: int, dollars_per_tib: float = DOLLARS_PER_TIB_SCANNED) -> float:
    """What these bytes cost."""
    return bytes_billed / TIB * dollars_per_tib


def billed_dpu_hours(seconds: float, dpu: float) -> float:
    """DPU-hours that Glue bills for a run that took so long; 0 for one that never started."""
    return max(seconds, LEAST_BILLED_SECONDS) * dpu / 3600 if seconds else 0.0
