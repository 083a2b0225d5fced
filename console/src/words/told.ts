/** Sentences that the server says, told in the language of the page. */
import { useLanguage, type Catalogue } from "./language";

/** A text that is the same in every language, or a pattern with its values. */
export type Told = string | readonly [string, ...Told[]];

/** The sentence; in the server's own words where the catalogue lacks it. */
export function tell(told: Told, catalogue: Catalogue = {}): string {
  if (typeof told === "string") return told;
  const [pattern, ...values] = told;
  let next = 0;
  return (catalogue[pattern] ?? pattern).replace(/\{\{|\}\}|\{(\d*)\}/g, (hole, place?: string) => {
    if (place === undefined) return hole.charAt(0);
    const value = values[place === "" ? next++ : Number(place)];
    return value === undefined ? "" : tell(value, catalogue);
  });
}

export function useTell(): (told: Told) => string {
  const { catalogue } = useLanguage();
  return (told) => tell(told, catalogue);
}
