/**
 * Lines of JSON to write on, with numbers and marks. It stands in a shadow tree, where its styles need no style
 * element and so no exception of the page's Content-Security-Policy.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import type { Finding } from "../../api/signed";
import { offsetOf } from "./json";

const MARKS = { error: "error", security: "warning", warning: "warning", suggestion: "info" } as const;

const look = EditorView.theme({
  "&": { fontSize: "13px", color: "var(--code-text)", backgroundColor: "var(--code-ground)" },
  "&.cm-focused": { outline: "2px solid var(--code-focus)", outlineOffset: "1px" },
  ".cm-scroller": {
    fontFamily: 'Monaco, Menlo, Consolas, "DejaVu Sans Mono", monospace',
    minHeight: "var(--code-height, 260px)",
    maxHeight: "60vh",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--code-text)" },
  ".cm-cursor": { borderLeftColor: "var(--code-text)" },
  ".cm-gutters": {
    color: "var(--code-faint)",
    backgroundColor: "var(--code-gutter)",
    border: "none",
  },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  "& .cm-scroller .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-specialChar": { color: "var(--code-odd)" },
  ".cm-tooltip": {
    color: "var(--code-text)",
    backgroundColor: "var(--code-gutter)",
    border: "1px solid var(--code-faint)",
    maxWidth: "min(60ch, 90vw)",
  },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: "var(--code-key)" },
    { tag: tags.string, color: "var(--code-string)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  ]),
);

export interface CodeAreaProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  readOnly?: boolean;
  /** About `value`; left out while they are about another text. */
  findings: Finding[];
  /** A place to go to, told anew each time. */
  goal: { line: number; column: number } | null;
}

export default function CodeArea(props: CodeAreaProps) {
  const { value, onChange, label, readOnly = false, findings, goal } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  const first = useRef(value);
  useEffect(() => {
    changed.current = onChange;
    first.current = value;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          highlightSpecialChars({ addSpecialChars: /[\u202a-\u202c\u2068]/g }),
          json(),
          indentUnit.of("  "),
          indentOnInput(),
          bracketMatching(),
          look,
          colours,
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({
            "aria-label": label,
            ...(readOnly ? { "aria-readonly": "true" } : {}),
          }),
          // Tab leaves the field, as it leaves every other.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, readOnly]);
  useEffect(() => {
    const shown = view.current;
    if (shown === null || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const shown = view.current;
    if (shown === null) return;
    const text = shown.state.doc.toString();
    shown.dispatch(setDiagnostics(shown.state, findings.map((found) => marked(text, found))));
  }, [findings, label, readOnly]);
  useEffect(() => {
    const shown = view.current;
    if (shown === null || goal === null) return;
    const at = offsetOf(shown.state.doc.toString(), goal.line, goal.column);
    shown.dispatch({ selection: { anchor: at }, scrollIntoView: true });
    shown.focus();
  }, [goal]);
  return <div ref={host} className="code-area" />;
}

function marked(text: string, found: Finding): Diagnostic {
  const from = offsetOf(text, found.line, found.column);
  return {
    from,
    to: Math.max(from, offsetOf(text, found.endLine, found.endColumn)),
    severity: MARKS[found.severity],
    message: found.message,
  };
}
