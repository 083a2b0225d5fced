/** Brings the first field that is told to be wrong before the eyes, and the keyboard to it. */
export function showFirstProblem(form: HTMLFormElement): void {
  // The fields are told so once the page has been drawn anew.
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
