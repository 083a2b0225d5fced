/**
 * Lines of JSON to write on, with numbers, colours and marks: a plain text area that lies over its painted copy, so that
 * keyboards, screen readers and input methods find what they know.
 */
import { useImperativeHandle, useMemo, useRef, type KeyboardEvent, type Ref } from "react";

import type { Finding } from "../../api/signed";
import { offsetOf, withoutMarks } from "./json";
import { coloured, gravestByLine, underlined } from "./paint";

const LINE_PX = 20;
/** In UTF-16 units; browsers type longer texts so slowly that undoing is given up. */
const LONGEST_TYPED = 10_000;
/** Lines that have a number each, which may be marked. */
const MOST_MARKED = 5_000;

export interface CodeHandle {
  goTo: (line: number, column: number) => void;
  /** As if it were typed, so that it can be undone. Offsets are in UTF-16 units. */
  replace: (from: number, to: number, text: string) => void;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  /** About `value`; none while they are about another text. */
  findings: Finding[];
  ref: Ref<CodeHandle>;
}

export function CodeArea({ value, onChange, label, findings, ref }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  useImperativeHandle(
    ref,
    () => ({
      goTo: (line, column) => {
        const at = offsetOf(value, line, column);
        frame.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE_PX) });
        area.current?.focus({ preventScroll: true });
        area.current?.setSelectionRange(at, at);
      },
      replace: (from, to, text) => {
        area.current?.focus({ preventScroll: true });
        area.current?.setSelectionRange(from, to);
        if (!type(text)) onChange(value.slice(0, from) + text + value.slice(to));
      },
    }),
    [value, onChange],
  );
  const marks = useMemo(() => gravestByLine(findings), [findings]);
  const lines = useMemo(() => value.split("\n").length, [value]);
  const paint = useMemo(() => coloured(value), [value]);
  const under = useMemo(() => underlined(value, findings), [value, findings]);
  return (
    <div ref={frame} className="code-area">
      <div className="code-numbers" aria-hidden="true">
        {lines > MOST_MARKED ? (
          <pre className="code-number">{numbers(lines).join("\n")}</pre>
        ) : (
          numbers(lines).map((line) => (
            <div key={line} className={`code-number ${marks.get(line) ?? ""}`}>
              {line}
            </div>
          ))
        )}
      </div>
      <div className="code-sheet">
        <pre className="code-under" aria-hidden="true">
          {under.map(({ text, kind }, at) => (
            <span key={at} className={kind}>
              {text}
            </span>
          ))}
        </pre>
        <pre className="code-paint" aria-hidden="true">
          {paint.map(({ text, kind }, at) => (
            <span key={at} className={kind}>
              {text}
            </span>
          ))}
          {"\n"}
        </pre>
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={findings.some(({ severity }) => severity === "error")}
          value={value}
          wrap="off"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onChange={(happened) => onChange(withoutMarks(happened.target.value))}
          onKeyDown={keepIndent}
        />
      </div>
    </div>
  );
}

function numbers(most: number): number[] {
  return Array.from({ length: most }, (_, at) => at + 1);
}

/** A new line begins where the last one did. */
function keepIndent(pressed: KeyboardEvent<HTMLTextAreaElement>) {
  if (pressed.key !== "Enter" || pressed.nativeEvent.isComposing) return;
  if (pressed.shiftKey || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
  const { value, selectionStart } = pressed.currentTarget;
  const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
  const opens = /[[{]\s*$/.test(line) ? "  " : "";
  if (type(`\n${/^[ \t]*/.exec(line)?.[0] ?? ""}${opens}`)) pressed.preventDefault();
}

/** The one way to change a text area so that undo knows of it; false where that cannot be had. */
function type(text: string): boolean {
  if (text.length > LONGEST_TYPED) return false;
  if (text === "") return document.execCommand("delete");
  return document.execCommand("insertText", false, text);
}
