import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** Nothing here: says so, says why that is so, and offers what one would do next. */
export function EmptyState({
  title,
  what,
  children,
}: {
  readonly title: string;
  readonly what: string;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <Paper className="panel" p="xl" radius="md">
      <Stack align="flex-start" gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" maw="40rem">
          {what}
        </Text>
        {children}
      </Stack>
    </Paper>
  );
}
