/** What surrounds each page of people who are signed in. */
import AppLayout from "@cloudscape-design/components/app-layout";
import Box from "@cloudscape-design/components/box";
import Flashbar from "@cloudscape-design/components/flashbar";
import Link from "@cloudscape-design/components/link";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { lazy, Suspense, useState } from "react";
import { Route, Routes, useLocation, useNavigate } from "react-router";

import { NoticesProvider, useNotices } from "../parts/notices";
import { useSession } from "../session/SessionContext";
import { useLanguage, useWords } from "../words/language";
import { AREAS, type Area } from "./areas";
import { Boundary } from "./Boundary";
import { PageHeader } from "./PageHeader";
import type { Theme } from "./theme";
import { Waiting } from "./App";
import { words } from "./words";

const SwitchRolePage = lazy(() => import("../session/SwitchRolePage"));

interface Props {
  theme: Theme;
  onTheme: (theme: Theme) => void;
}

export function Shell({ theme, onTheme }: Props) {
  return (
    <NoticesProvider>
      <PageHeader theme={theme} onTheme={onTheme} />
      <Room />
    </NoticesProvider>
  );
}

function Room() {
  const say = useWords(words);
  const { notices, dismiss } = useNotices();
  const { acting } = useSession();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(() => window.innerWidth > 900);
  return (
    <AppLayout
      headerSelector="#header"
      toolsHide
      navigation={<Navigation />}
      navigationOpen={isOpen}
      onNavigationChange={({ detail }) => setOpen(detail.open)}
      notifications={
        <Flashbar
          items={notices.map((notice) => ({
            id: notice.id,
            type: "success" as const,
            content: notice.text,
            dismissible: true,
            dismissLabel: say.dismiss,
            onDismiss: () => dismiss(notice.id),
          }))}
        />
      }
      ariaLabels={{
        navigation: say.navigation,
        navigationToggle: say.openNavigation,
        navigationClose: say.closeNavigation,
        notifications: say.notifications,
      }}
      content={
        // Another identity sees other things: every page starts afresh.
        <Boundary key={`${acting.arn} ${pathname}`}>
          <Suspense fallback={<Waiting />}>
            <Routes key={acting.arn}>
              {AREAS.flatMap((area) =>
                area.pages.map(({ path, page: Content }) => (
                  <Route key={path} path={path} element={<Content />} />
                )),
              )}
              <Route path="switch-role" element={<SwitchRolePage />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Boundary>
      }
    />
  );
}

function Navigation() {
  const say = useWords(words);
  const { language } = useLanguage();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const link = (area: Area) => ({
    type: "link" as const,
    text: area.words[language].title,
    href: `/console${area.home}`,
  });
  const sections = (["access", "resources", "trail"] as const)
    .map((section) => ({
      type: "section" as const,
      text: say.sections[section],
      items: AREAS.filter((area) => area.section === section).map(link),
    }))
    .filter((section) => section.items.length > 0);
  const current = AREAS.filter(({ home }) => home !== "/").find(
    ({ home }) => pathname === home || pathname.startsWith(`${home}/`),
  );
  return (
    <SideNavigation
      header={{ text: "Sekisho", href: "/console/" }}
      activeHref={current || pathname === "/" ? `/console${current?.home ?? "/"}` : ""}
      items={[...AREAS.filter((area) => area.section === "home").map(link), ...sections]}
      onFollow={(happened) => {
        happened.preventDefault();
        void navigate(happened.detail.href.slice("/console".length) || "/");
      }}
    />
  );
}

function NotFound() {
  const say = useWords(words);
  const navigate = useNavigate();
  return (
    <Box padding="xxl" textAlign="center">
      <Box variant="h1">{say.notFound}</Box>
      <Link
        href="/console/"
        onFollow={(happened) => {
          happened.preventDefault();
          void navigate("/");
        }}
      >
        {say.toOverview}
      </Link>
    </Box>
  );
}
