import { Alert } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';

/** What was done, in a sentence. It is announced, and takes the focus: the button that did it may be gone. */
export function Said({ children, at }: { readonly children: string | null; readonly at: number }): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (at > 0) place.current?.focus({ preventScroll: false });
  }, [at]);
  return (
    <div role="status" tabIndex={-1} ref={place} className="done-said">
      {children !== null && (
        <Alert color="relais" variant="light">
          {children}
        </Alert>
      )}
    </div>
  );
}
