import { useWords } from "../../words/language";
import { words } from "./words";

/** Seconds as hours, or as minutes where they are no whole hours. */
export function useDurationText(): (seconds: number) => string {
  const say = useWords(words);
  return (seconds) =>
    seconds % 3_600 === 0 ? say.hours(seconds / 3_600) : say.minutes(Math.floor(seconds / 60));
}
