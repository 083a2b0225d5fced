import { expect, test } from "vitest";

import { plain, sizeText } from "./text";

test.each([
  ["invoice\u202Efdp.exe", "invoice⟦U+202E⟧fdp.exe"],
  ["\u2066a\u2069", "⟦U+2066⟧a⟦U+2069⟧"],
  ["\u061Ca\u200Eb\u200F", "⟦U+061C⟧a⟦U+200E⟧b⟦U+200F⟧"],
  ["<script>関所</script>", "<script>関所</script>"],
])("marks of direction are shown, and nothing else changes: %j", (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test.each([
  [0, "0 B"],
  [1023, "1,023 B"],
  [1024, "1 KiB"],
  [1536, "1.5 KiB"],
  [5 * 1024 ** 4, "5 TiB"],
  [5000 * 1024 ** 4, "5,000 TiB"],
])("%d bytes are %s", (bytes, shown) => {
  expect(sizeText(bytes, "en")).toBe(shown);
});
