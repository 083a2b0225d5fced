/** JSON as text: laid out, measured, and the places in it. */

import { DIRECTION } from "../text";

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g;
const DEEPEST = 64;

/**
 * The same tokens on lines of their own, so that doubled keys and long numbers stay as written. What is no JSON,
 * or nested too deep, comes back as it is.
 */
export function formatJson(text: string): string {
  if (!isJson(text)) return text;
  const tokens = text.match(TOKEN) ?? [];
  let out = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  for (const [at, token] of tokens.entries()) {
    if (token === "{" || token === "[") {
      out += token;
      if (isClosing(tokens[at + 1])) continue;
      depth += 1;
      if (depth > DEEPEST) return text;
      out += newLine();
    } else if (isClosing(token)) {
      const before = tokens[at - 1];
      if (before !== "{" && before !== "[") {
        depth -= 1;
        out += newLine();
      }
      out += token;
    } else if (token === ",") out += token + newLine();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isClosing(token: string | undefined): boolean {
  return token === "}" || token === "]";
}

/** How a stored document is shown: laid out if it is all on one line, else as its author did. */
export function readable(text: string): string {
  const shown = withoutMarks(text.replace(/\r\n?/g, "\n"));
  return shown.trim().includes("\n") ? shown : formatJson(shown);
}

/** Marks that change a text's direction as escapes, which say the same in the strings of JSON, and can be seen. */
export function withoutMarks(text: string): string {
  return text.replace(
    DIRECTION,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A document as IAM answers it, percent-encoded; one that cannot be decoded comes back as it is. */
export function decoded(document: string | undefined): string {
  const text = document ?? "";
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is held against a quota: characters, white space aside where IAM counts so. */
export function sizeOf(text: string, withSpace: boolean): number {
  const counted = withSpace ? text : text.replace(/[ \t\r\n]/g, "");
  return Array.from(counted).length;
}

/** The offset in UTF-16 units of a line and column, both from 1, the column in characters (code points). */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  let offset = start;
  for (let passed = 1; passed < column && offset < text.length; passed += 1) {
    if (text[offset] === "\n") break;
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
