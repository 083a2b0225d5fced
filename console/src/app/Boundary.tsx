/** A page that fails takes only itself down. */
import Alert from "@cloudscape-design/components/alert";
import { Component, type ReactNode } from "react";

import { ErrorAlert, isUnreachable } from "../parts/ErrorAlert";
import { useWords } from "../words/language";
import { words } from "./words";

export class Boundary extends Component<{ children: ReactNode }, { failure: unknown }> {
  override state = { failure: null };

  static getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override render() {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    // A part of the program that did not come is asked for again only by a page that is loaded anew.
    if (isUnreachable(failure)) {
      return <ErrorAlert error={failure} onRetry={() => window.location.reload()} />;
    }
    return <Broken />;
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
