/** What has to be done to tags. */

export interface Pair {
  key: string;
  value: string;
}

/** The keys to take away, and the pairs to put. Rows without a key and a value are not meant. */
export function tagChanges(before: Pair[], after: Pair[]): { gone: string[]; changed: Pair[] } {
  const meant = after.filter(({ key, value }) => key !== "" || value !== "");
  const kept = new Set(meant.map(({ key }) => key.toLowerCase()));
  return {
    gone: before.map(({ key }) => key).filter((key) => !kept.has(key.toLowerCase())),
    changed: meant.filter(
      ({ key, value }) => !before.some((old) => old.key === key && old.value === value),
    ),
  };
}
