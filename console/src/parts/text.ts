/** Text that others wrote, shown so that it deceives nobody. */

export const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Marks that change the direction of a text, made visible as ⟦U+202E⟧. */
export function plain(text: string): string {
  return text.replace(
    DIRECTION,
    (mark) => `⟦U+${mark.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? ""}⟧`,
  );
}

/** A time as the reader's region writes it. */
export function timeText(time: Date | string | undefined, language: string): string {
  if (time === undefined) return "";
  const value = typeof time === "string" ? new Date(time) : time;
  return value.toLocaleString(language, { dateStyle: "medium", timeStyle: "medium" });
}

export function sizeText(bytes: number, language: string): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let place = 0;
  while (value >= 1024 && place < units.length - 1) {
    value /= 1024;
    place += 1;
  }
  const digits = place === 0 ? 0 : 1;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[place] ?? ""}`;
}

/** A file that the browser saves, made here. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
