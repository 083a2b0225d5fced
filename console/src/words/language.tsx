/** The language of the page: the browser's at first, then whatever was chosen. */
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

export type Language = "en" | "ja";

/** Patterns by those of the server; `{1}` is the second value. */
export type Catalogue = Readonly<Record<string, string>>;

/** Words of one area. A key that one language lacks does not compile. */
export interface Words<T> {
  en: T;
  ja: T;
}

type Spoken<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };

/** Each value is a text, or a function that makes one of what it is given. */
export function defineWords<T extends object>(en: T, ja: Spoken<T>): Words<Spoken<T>> {
  return { en: en as Spoken<T>, ja };
}

const KEPT = "sekisho.language";

export function preferredLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === "en" || kept === "ja") return kept;
  const known = browser.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ja" || tag === "en");
  return known === "ja" ? "ja" : "en";
}

interface Choice {
  language: Language;
  /** Of the server's sentences; empty until it is loaded, and for the server's own language. */
  catalogue: Catalogue;
  choose: (language: Language) => void;
}

const LanguageContext = createContext<Choice>({
  language: "en",
  catalogue: {},
  choose: () => undefined,
});

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() =>
    preferredLanguage(localStorage.getItem(KEPT), navigator.languages),
  );
  const [japanese, setJapanese] = useState<Catalogue>({});
  useEffect(() => {
    document.documentElement.lang = language;
    if (language === "ja") void import("./told.ja.json").then((found) => setJapanese(found.default));
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      catalogue: language === "ja" ? japanese : {},
      choose: (chosen: Language) => {
        localStorage.setItem(KEPT, chosen);
        setLanguage(chosen);
      },
    }),
    [language, japanese],
  );
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): Choice {
  return use(LanguageContext);
}

export function useWords<T>(words: Words<T>): T {
  return words[useLanguage().language];
}
