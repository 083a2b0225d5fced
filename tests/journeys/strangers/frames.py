"""Keep tables and files in a bucket by a profile: s3fs over botocore, polars over a Rust client.

``python frames.py PROFILE BUCKET`` prints as JSON what it found.
"""

import json
import os
import sys

import polars as pl
import s3fs

BIG = 12 * 1024 * 1024  # bytes; s3fs sends them in parts


def keep_files(profile: str, bucket: str) -> dict[str, object]:
    files = s3fs.S3FileSystem(profile=profile)
    files.pipe(f"{bucket}/in/small", b"small")
    with files.open(f"{bucket}/in/big", "wb") as out:
        out.write(b"x" * BIG + b"end")
    files.mv(f"{bucket}/in/small", f"{bucket}/out/moved")
    files.copy(f"{bucket}/in/big", f"{bucket}/out/copied")
    files.put_tags(f"{bucket}/out/moved", {"team": "red"})
    files.setxattr(f"{bucket}/out/moved", colour="blue")
    files.rm(f"{bucket}/in", recursive=True)
    return {
        "files": files.find(bucket),
        "glob": files.glob(f"{bucket}/*/m*"),
        "end": files.cat_file(f"{bucket}/out/copied", start=BIG).decode(),
        "tags": files.get_tags(f"{bucket}/out/moved"),
        "metadata": files.metadata(f"{bucket}/out/moved"),
        "gone": not files.exists(f"{bucket}/in/big"),
    }


def keep_tables(profile: str, bucket: str) -> dict[str, object]:
    where = {
        "storage_options": {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"]},
        "credential_provider": pl.CredentialProviderAWS(profile_name=profile),
    }
    gates = pl.DataFrame({"gate": ["hakone", "fuwa", "suzuka"], "guards": [12, 7, 9]})
    for number in range(3):
        gates.write_parquet(f"s3://{bucket}/gates/{number}.parquet", **where)
    found = pl.scan_parquet(f"s3://{bucket}/gates/*.parquet", **where)
    few = found.filter(pl.col("guards") < 10).select(pl.col("guards").sum()).collect()
    found.sink_csv(f"s3://{bucket}/gates.csv", **where)
    return {
        "guards": few.item(),
        "lines": pl.read_csv(f"s3://{bucket}/gates.csv", **where).height,
    }


if __name__ == "__main__":
    profile, bucket = sys.argv[1:]
    print(json.dumps(keep_files(profile, bucket) | keep_tables(profile, bucket)))
