import type { ReactElement, ReactNode } from 'react';

const SIGN = { good: '✓', noted: '✓', open: '○', bad: '✕', quiet: '–' } as const;

/** How a step stands: a sign for the eye, and the word for everybody. */
export function StepMark({
  look,
  children,
}: {
  readonly look: keyof typeof SIGN;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span className={`step-mark ${look}`}>
      <span aria-hidden="true">{SIGN[look]}</span> {children}
    </span>
  );
}
