/** A list of the wire, read page by page: the first at once, the others as they are wanted. */
import { useCallback, useEffect, useRef, useState } from "react";

import { useSessionState } from "../session/SessionContext";
import { isOver } from "./useLoad";

export interface PageOf<T> {
  items: T[];
  /** The marker of the next page; absent after the last. */
  next?: string | undefined;
}

/** How many to ask for: what is shown first comes soon, and a search through thousands asks seldom. */
export function pageSize(marker: string | undefined): number {
  return marker === undefined ? 200 : 1000;
}

export type LoadPage<T> = (marker: string | undefined) => Promise<PageOf<T>>;

export interface Pages<T> {
  items: T[];
  hasMore: boolean;
  isLoading: boolean;
  error: unknown;
  reload: () => void;
  loadMore: (then?: () => void) => void;
  loadAll: () => void;
}

interface State<T> {
  items: T[];
  next: string | undefined;
  isLoading: boolean;
  error: unknown;
}

export function usePages<T>(source: string, load: LoadPage<T>): Pages<T> {
  const [state, setState] = useState<State<T>>({
    items: [],
    next: undefined,
    isLoading: true,
    error: null,
  });
  const { lose } = useSessionState();
  const latest = useRef(load);
  const turn = useRef(0);
  const known = useRef<State<T>>(state);
  useEffect(() => {
    latest.current = load;
    known.current = state;
  });

  /** Reads on from what is known, or from the beginning, until `enough` has been read. */
  const read = useCallback(
    async (fromStart: boolean, enough: (pages: number) => boolean) => {
      turn.current += 1;
      const mine = turn.current;
      let items = fromStart ? [] : known.current.items;
      let next = fromStart ? undefined : known.current.next;
      setState((before) => ({ ...before, isLoading: true, error: null }));
      try {
        for (let pages = 0; !enough(pages) && (pages === 0 || next !== undefined); pages += 1) {
          const page = await latest.current(next);
          if (mine !== turn.current) return;
          items = items.concat(page.items);
          next = page.next;
          setState({ items, next, isLoading: true, error: null });
        }
        setState({ items, next, isLoading: false, error: null });
      } catch (error) {
        if (mine !== turn.current) return;
        if (isOver(error)) lose();
        setState((before) => ({ ...before, isLoading: false, error }));
      }
    },
    [lose],
  );

  useEffect(() => {
    void Promise.resolve().then(() => read(true, (pages) => pages >= 1));
    return () => {
      turn.current += 1;
    };
  }, [source, read]);

  const { items, next, isLoading, error } = state;
  return {
    items,
    hasMore: next !== undefined,
    isLoading,
    error,
    reload: () => void read(true, (pages) => pages >= 1),
    loadMore: (then) => void read(false, (pages) => pages >= 1).then(then),
    loadAll: () => {
      if (known.current.next !== undefined && !known.current.isLoading) void read(false, () => false);
    },
  };
}
