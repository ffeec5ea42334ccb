import { Text } from '@mantine/core';
import type { ReactElement } from 'react';

/** One lying bar for each name, its length by value and its words beside it: nothing is told by colour or length alone. */
export function LyingBars({
  bars,
}: {
  readonly bars: readonly {
    readonly key: string;
    readonly name: string;
    readonly value: number | null;
    readonly said: string;
  }[];
}): ReactElement {
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 1);
  return (
    <ul className="quiet-list lying">
      {bars.map(({ key, name, value, said }) => (
        <li key={key}>
          <Text size="sm">
            <strong>{name}</strong> · {said}
          </Text>
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" className="lying-bar">
            <rect width="100" height="4" className="bar-ground" />
            {value !== null && (
              <rect width={Math.max(0.6, (value / most) * 100)} height="4" className="bar delivered" />
            )}
          </svg>
        </li>
      ))}
    </ul>
  );
}
