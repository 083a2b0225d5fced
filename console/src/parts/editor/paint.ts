/** JSON in colours, and the parts that findings are about, as runs of text one after another. */
import type { Finding } from "../../api/signed";
import { offsetOf } from "./json";

export interface Run {
  text: string;
  /** Empty for what is not marked. */
  kind: string;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"?(?=(\s*:)?)|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;
/** In UTF-16 units; longer texts stay without colours, so that writing stays quick. */
const LONGEST = 40_000;

export function coloured(text: string): Run[] {
  if (text.length > LONGEST) return [{ text, kind: "" }];
  const runs: Run[] = [];
  let done = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, colon] = match;
    if (match.index > done) runs.push({ text: text.slice(done, match.index), kind: "" });
    const kind = !token.startsWith('"') ? "number" : colon === undefined ? "string" : "key";
    runs.push({ text: token, kind });
    done = match.index + token.length;
  }
  if (done < text.length) runs.push({ text: text.slice(done), kind: "" });
  return runs;
}

/** The gravest first. */
const GRAVITY: Finding["severity"][] = ["error", "security", "warning", "suggestion"];

/** Of findings that overlap the one that begins first is shown, and of two such the graver. */
export function underlined(text: string, findings: Finding[]): Run[] {
  const spans = findings
    .map((found) => {
      const from = offsetOf(text, found.line, found.column);
      const end = Math.max(from + 1, offsetOf(text, found.endLine, found.endColumn));
      // What is said of many lines is marked on the first.
      const line = text.indexOf("\n", from);
      return { from, to: line > from ? Math.min(end, line) : end, kind: found.severity };
    })
    .sort((a, b) => a.from - b.from || GRAVITY.indexOf(a.kind) - GRAVITY.indexOf(b.kind));
  const runs: Run[] = [];
  let done = 0;
  for (const { from, to, kind } of spans) {
    if (from < done) continue;
    if (from > done) runs.push({ text: text.slice(done, from), kind: "" });
    runs.push({ text: text.slice(from, to), kind });
    done = to;
  }
  if (done < text.length) runs.push({ text: text.slice(done), kind: "" });
  return runs;
}

/** The gravest finding that begins on each line, from 1. */
export function gravestByLine(findings: Finding[]): Map<number, Finding["severity"]> {
  const found = new Map<number, Finding["severity"]>();
  for (const { line, severity } of findings) {
    const known = found.get(line);
    if (known === undefined || GRAVITY.indexOf(severity) < GRAVITY.indexOf(known)) {
      found.set(line, severity);
    }
  }
  return found;
}
