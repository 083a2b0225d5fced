/** Who one is, as whom one acts, and the way back. */
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { useState } from "react";
import { useNavigate } from "react-router";

import { ErrorAlert } from "../parts/ErrorAlert";
import { plain } from "../parts/text";
import { useSession } from "../session/SessionContext";
import { words } from "../session/words";
import { useLanguage, useWords } from "../words/language";
import type { Theme } from "./theme";

interface Props {
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

/** An account id in groups of four, as consoles show it. */
export function grouped(account: string): string {
  return account.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1-$2-$3");
}

export function PageHeader({ theme, onTheme }: Props) {
  const say = useWords(words);
  const { language, choose } = useLanguage();
  const navigate = useNavigate();
  const { session, acting, history, switchTo, switchBack, leave } = useSession();
  const [failure, setFailure] = useState<unknown>(null);

  const attempt = (act: () => Promise<void>) => {
    setFailure(null);
    act().catch(setFailure);
  };
  const self = session.kind === "root" ? say.root : session.name;
  const home = session.alias ?? grouped(session.account);
  const switchToRecent = (place: number) => {
    const role = history[place];
    if (role === undefined) return;
    switchTo(role).then(
      () => void navigate("/"),
      // The form tells why, with both halves.
      () => void navigate(`/switch-role?${new URLSearchParams({ ...role }).toString()}`),
    );
  };

  return (
    <div id="header">
      <TopNavigation
        identity={{
          href: "/console/",
          title: "Sekisho",
          logo: { src: "/console/assets/gate.svg", alt: "" },
          onFollow: (happened) => {
            happened.preventDefault();
            void navigate("/");
          },
        }}
        utilities={[
          {
            type: "menu-dropdown",
            iconName: "settings",
            ariaLabel: say.theme,
            title: say.theme,
            items: [
              {
                text: say.theme,
                items: (["light", "dark", "system"] as const).map((mode) => ({
                  id: mode,
                  text: say[mode],
                  itemType: "checkbox" as const,
                  checked: theme === mode,
                })),
              },
            ],
            onItemClick: ({ detail }) => onTheme(detail.id as Theme),
          },
          {
            type: "button",
            text: language === "en" ? "日本語" : "English",
            ariaLabel: language === "en" ? "日本語で表示" : "Show in English",
            disableUtilityCollapse: true,
            onClick: () => choose(language === "en" ? "ja" : "en"),
          },
          {
            type: "menu-dropdown",
            iconName: "user-profile",
            text: acting.role === null ? `${self} @ ${home}` : plain(acting.name),
            description: `${say.accountOf} ${acting.alias ?? grouped(acting.account)}`,
            disableUtilityCollapse: true,
            items: [
              {
                text: `${say.signedInAs} ${self} @ ${home}`,
                items: [
                  ...(session.kind === "user" && acting.role === null
                    ? [{ id: "credentials", text: say.securityCredentials }]
                    : []),
                  ...(session.kind === "root" ? [] : [{ id: "switch", text: say.switchRole }]),
                  ...(acting.role === null ? [] : [{ id: "back", text: say.switchBack(self) }]),
                ],
              },
              ...(history.length === 0 || session.kind === "root"
                ? []
                : [
                    {
                      text: say.recent,
                      items: history.map((role, place) => ({
                        id: `recent-${place}`,
                        text: plain(role.displayName || `${role.roleName} @ ${role.account}`),
                        ...(role.color
                          ? {
                              iconSvg: (
                                <svg viewBox="0 0 16 16" aria-hidden="true">
                                  <rect x="2" y="2" width="12" height="12" rx="2" fill={`#${role.color}`} stroke="none" />
                                </svg>
                              ),
                            }
                          : {}),
                      })),
                    },
                  ]),
              { id: "leave", text: say.signOut },
            ],
            onItemClick: ({ detail }) => {
              if (detail.id === "switch") void navigate("/switch-role");
              else if (detail.id === "credentials") void navigate("/credentials");
              else if (detail.id === "back") switchBack();
              else if (detail.id === "leave") attempt(leave);
              else switchToRecent(Number(detail.id.slice("recent-".length)));
            },
          },
        ]}
      />
      {acting.role !== null && (
        <div
          className={`acting${acting.role.color ? ` swatch-${acting.role.color}` : ""}`}
          role="status"
        >
          <strong className="name">{plain(acting.name)}</strong>
          <span>
            {say.actingAs}: {plain(acting.role.roleName)} @ {acting.alias ?? grouped(acting.account)}
          </span>
          <button type="button" onClick={switchBack}>
            {say.switchBack(self)}
          </button>
        </div>
      )}
      <ErrorAlert error={failure} />
    </div>
  );
}
