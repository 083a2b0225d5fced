/** The whole page: gate, then header, navigation and the page that the address names. */
import { I18nProvider, type I18nProviderProps } from "@cloudscape-design/components/i18n";
import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { useEffect, useState, type ReactNode } from "react";
import { BrowserRouter } from "react-router";

import { ErrorAlert } from "../parts/ErrorAlert";
import { SessionProvider, useSessionState } from "../session/SessionContext";
import { Gate, SignInPage } from "../session/SignInPage";
import { LanguageProvider, useLanguage, type Language } from "../words/language";
import { Shell } from "./Shell";
import { useTheme } from "./theme";

export function App() {
  return (
    <LanguageProvider>
      <Spoken>
        <SessionProvider>
          <BrowserRouter basename="/console">
            <Entrance />
          </BrowserRouter>
        </SessionProvider>
      </Spoken>
    </LanguageProvider>
  );
}

/** Whoever is not signed in sees the gate, at whatever address; signing in shows that address. */
function Entrance() {
  const { session, value, failure, arrive, retry } = useSessionState();
  const [theme, setTheme] = useTheme();
  if (failure !== null) {
    return (
      <Gate>
        <ErrorAlert error={failure} onRetry={retry} />
      </Gate>
    );
  }
  if (session === undefined) return <Waiting />;
  if (session === null || value === null) return <SignInPage onArrive={arrive} />;
  return <Shell theme={theme} onTheme={setTheme} />;
}

export function Waiting() {
  return (
    <Box textAlign="center" padding="xxxl">
      <Spinner size="large" />
    </Box>
  );
}

type Messages = I18nProviderProps["messages"];

const MESSAGES: Record<Language, () => Promise<{ default: Messages[number] }>> = {
  en: () => import("@cloudscape-design/components/i18n/messages/all.en"),
  ja: () => import("@cloudscape-design/components/i18n/messages/all.ja"),
};

/** The components' own words, which are loaded for one language at a time. */
function Spoken({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const [messages, setMessages] = useState<Messages>([]);
  useEffect(() => {
    let isWanted = true;
    void MESSAGES[language]().then((found) => {
      if (isWanted) setMessages([found.default]);
    });
    return () => {
      isWanted = false;
    };
  }, [language]);
  return (
    <I18nProvider locale={language} messages={messages}>
      {children}
    </I18nProvider>
  );
}
