/** Short words on what was done, above the page. */
import { createContext, use, useMemo, useRef, useState, type ReactNode } from "react";

export interface Notice {
  id: string;
  text: string;
}

interface Notices {
  notices: Notice[];
  notify: (text: string) => void;
  dismiss: (id: string) => void;
}

const NoticesContext = createContext<Notices | null>(null);
const MOST = 3;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const last = useRef(0);
  const value = useMemo(
    () => ({
      notices,
      notify: (text: string) => {
        last.current += 1;
        const notice = { id: String(last.current), text };
        setNotices((shown) => [notice, ...shown].slice(0, MOST));
      },
      dismiss: (id: string) => setNotices((shown) => shown.filter((notice) => notice.id !== id)),
    }),
    [notices],
  );
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

export function useNotices(): Notices {
  const found = use(NoticesContext);
  if (found === null) throw new Error("no NoticesProvider above");
  return found;
}
