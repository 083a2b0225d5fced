import { defineWords } from "../words/language";

export const words = defineWords(
  {
    sections: { home: "", access: "Access management", resources: "Resources", trail: "Explanations" },
    navigation: "Navigation",
    openNavigation: "Open navigation",
    closeNavigation: "Close navigation",
    notifications: "Notifications",
    notFound: "There is no such page",
    toOverview: "To the overview",
    broken: "This page failed",
    brokenText: "An unexpected error stopped it. Your session goes on.",
    dismiss: "Dismiss",
  },
  {
    sections: { home: "", access: "アクセス管理", resources: "リソース", trail: "判定の説明" },
    navigation: "ナビゲーション",
    openNavigation: "ナビゲーションを開く",
    closeNavigation: "ナビゲーションを閉じる",
    notifications: "通知",
    notFound: "ページが見つかりません",
    toOverview: "概要へ",
    broken: "このページでエラーが発生しました",
    brokenText: "予期しないエラーで停止しました。セッションは継続しています。",
    dismiss: "閉じる",
  },
);
