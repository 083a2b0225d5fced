/** Who is signed in, and as whom this tab acts. */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";

import {
  ownCredentials,
  readSession,
  Refusal,
  signOut,
  switchRole,
  type Session,
} from "../api/client";
import type { Credential } from "../api/signed";
import { renewing } from "./credentials";
import { keepActing, keepHistory, readActing, readHistory, withRole, type RoleChoice } from "./recent";

/** The identity that calls are made with: one's own, or a role switched to. */
export interface Acting {
  account: string;
  alias?: string;
  arn: string;
  name: string;
  role: RoleChoice | null;
  credential: Credential;
}

export interface SessionValue {
  session: Session;
  acting: Acting;
  history: RoleChoice[];
  switchTo: (role: RoleChoice) => Promise<void>;
  switchBack: () => void;
  leave: () => Promise<void>;
}

interface State {
  /** undefined: not known yet; null: nobody. */
  session: Session | null | undefined;
  value: SessionValue | null;
  failure: unknown;
  arrive: (session: Session) => void;
  retry: () => void;
  /** The server said that nobody is signed in: back to the form, and from there back here. */
  lose: () => void;
}

const SessionContext = createContext<State | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null | undefined>(undefined);
  const [acting, setActing] = useState<Acting | null>(null);
  const [history, setHistory] = useState<RoleChoice[]>(readHistory);
  const [failure, setFailure] = useState<unknown>(null);
  const lose = useCallback(() => {
    setSession(null);
    setActing(null);
  }, []);

  const arrive = useCallback((arrived: Session) => {
    setSession(arrived);
    setActing(oneself(arrived));
  }, []);

  const look = useCallback(async () => {
    setFailure(null);
    try {
      const found = await readSession();
      if (found === null) {
        setSession(null);
        return;
      }
      setActing(await resumed(found));
      setSession(found);
    } catch (error) {
      setFailure(error);
    }
  }, []);
  useEffect(() => {
    void Promise.resolve().then(look);
  }, [look]);

  const value = useMemo<SessionValue | null>(() => {
    if (!session || acting === null) return null;
    return {
      session,
      acting,
      history,
      switchTo: async (role) => {
        const switched = await asRole(role);
        const longer = withRole(readHistory(), role);
        keepHistory(longer);
        keepActing(session.arn, role);
        setHistory(longer);
        setActing(switched);
      },
      switchBack: () => {
        keepActing(session.arn, null);
        setActing(oneself(session));
      },
      leave: async () => {
        keepActing(session.arn, null);
        await signOut();
        lose();
      },
    };
  }, [session, acting, history, lose]);

  const state = useMemo<State>(
    () => ({ session, value, failure, arrive, retry: () => void look(), lose }),
    [session, value, failure, arrive, look, lose],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
}

export function useSessionState(): State {
  const state = use(SessionContext);
  if (state === null) throw new Error("no SessionProvider above");
  return state;
}

/** The session of a page that is shown to signed-in people alone. */
export function useSession(): SessionValue {
  const { value } = useSessionState();
  if (value === null) throw new Error("nobody is signed in");
  return value;
}

function oneself(session: Session): Acting {
  const { account, alias, arn, name } = session;
  return {
    account,
    ...(alias === undefined ? {} : { alias }),
    arn,
    name,
    role: null,
    credential: renewing(ownCredentials),
  };
}

async function asRole(role: RoleChoice): Promise<Acting> {
  const switched = await switchRole(role.account, role.roleName);
  const again = async () => (await switchRole(role.account, role.roleName)).credentials;
  return {
    account: switched.accountId,
    ...(switched.alias === undefined ? {} : { alias: switched.alias }),
    arn: switched.roleArn,
    name: role.displayName || `${role.roleName} @ ${role.account}`,
    role,
    credential: renewing(again, switched.credentials),
  };
}

/** The role that this tab acted as before it was loaded anew; oneself where that is over. */
async function resumed(session: Session): Promise<Acting> {
  const role = readActing(session.arn);
  if (role === null) return oneself(session);
  try {
    return await asRole(role);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    keepActing(session.arn, null);
    return oneself(session);
  }
}
