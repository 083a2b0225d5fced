/// <reference types="vitest/config" />
import { env } from "node:process";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const AUTHORITY = env.SEKISHO_ENDPOINT ?? "http://127.0.0.1:4566";

export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: "../src/sekisho/app/console/bundle",
    emptyOutDir: true,
    // The page's Content-Security-Policy allows no data: scripts or styles; nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Many small pieces weigh more than one: what pages share of the design system travels together.
          groups: [{ name: "design", test: /node_modules\/@cloudscape-design/, minShareCount: 2 }],
        },
      },
    },
  },
  server: { proxy: { "^/(?!console/(?!api/)).*": AUTHORITY } },
  test: { environment: "jsdom" },
});
