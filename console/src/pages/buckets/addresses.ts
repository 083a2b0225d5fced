/** Addresses of the buckets' pages; keys go into the query, where `..` and `//` mean nothing. */

export function bucketPath(bucket: string, prefix = ""): string {
  const query = prefix ? `?${new URLSearchParams({ prefix }).toString()}` : "";
  return `/buckets/detail/${encodeURIComponent(bucket)}${query}`;
}

export function objectPath(bucket: string, key: string): string {
  const query = new URLSearchParams({ key }).toString();
  return `/buckets/detail/${encodeURIComponent(bucket)}/object?${query}`;
}

/** The part of a key below a prefix, and its folders: `a/b/` is `a/` and `b/`. */
export function stepsOf(prefix: string): { name: string; prefix: string }[] {
  const steps: { name: string; prefix: string }[] = [];
  let start = 0;
  for (let end = prefix.indexOf("/"); end >= 0; end = prefix.indexOf("/", start)) {
    steps.push({ name: prefix.slice(start, end + 1), prefix: prefix.slice(0, end + 1) });
    start = end + 1;
  }
  return steps;
}

/** Whether browsers can ask for a key: they take a step of `.` or `..` out of every address. */
export function isAskable(key: string): boolean {
  return !key.split("/").some((step) => step === "." || step === "..");
}

/** The file name under which a key is saved: what follows its last slash that is not its end. */
export function fileName(key: string): string {
  return key.replace(/\/+$/, "").split("/").pop() || "object";
}
