/** A page that fails takes only itself down. */
import Alert from "@cloudscape-design/components/alert";
import { Component, type ReactNode } from "react";

import { useWords } from "../words/language";
import { words } from "./words";

export class Boundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const say = useWords(words);
  return (
    <Alert type="error" header={say.broken}>
      {say.brokenText}
    </Alert>
  );
}
