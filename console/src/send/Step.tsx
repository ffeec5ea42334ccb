import { Group, Paper, Stack, ThemeIcon } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** One of the three things to settle. All stand on the page: one sees what comes, and can go back. */
export function Step({
  number,
  title,
  done = false,
  waiting = false,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly done?: boolean;
  /** Comes after what is not settled yet. */
  readonly waiting?: boolean;
  readonly children?: ReactNode;
}): ReactElement {
  const { t } = useTranslation();
  return (
    <Paper
      withBorder
      p="lg"
      component="section"
      aria-labelledby={`step-${number}`}
      className={waiting ? 'panel' : undefined}
    >
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap">
          <ThemeIcon radius="xl" variant={done ? 'filled' : 'light'} color={waiting ? 'gray' : 'relais'} aria-hidden>
            {done ? '✓' : number}
          </ThemeIcon>
          <h2 className="section" id={`step-${number}`}>
            {title}
          </h2>
        </Group>
        {waiting && <p className="hint">{t('send.waits')}</p>}
        {children}
      </Stack>
    </Paper>
  );
}
