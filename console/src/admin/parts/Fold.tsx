import { useState, type ReactElement, type ReactNode } from 'react';

/** Opened when somebody wants it; what is large is made only then. */
export function Fold({
  summary,
  children,
}: {
  readonly summary: string;
  readonly children: () => ReactNode;
}): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <details className="fold" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {open && <div className="fold-in">{children()}</div>}
    </details>
  );
}
