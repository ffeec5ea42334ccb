import { Badge, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Key, ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../kit/Failure.js';
import { formatDate } from '../../kit/format.js';
import { Loading } from '../../kit/Loading.js';

/** One kind of thing that waits: its heading with the count, and each of them. */
export function Waiting<T>({
  query,
  title,
  none,
  what,
  keyOf,
  children,
}: {
  readonly query: UseQueryResult<readonly T[]>;
  readonly title: (count: number) => string;
  readonly none: string;
  readonly what?: string;
  readonly keyOf: (item: T) => Key;
  readonly children: (item: T) => ReactNode;
}): ReactElement {
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {title(query.data?.length ?? 0)}
      </Title>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <Text c="dimmed">{none}</Text>}
      {query.data !== undefined && query.data.length > 0 && (
        <>
          {what !== undefined && <Text maw="46rem">{what}</Text>}
          <ul className="quiet-list rows">
            {query.data.map((item) => (
              <li key={keyOf(item)} className="row">
                {children(item)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Stack>
  );
}

/** By when, and whether that is past. */
export function Due({ by, overdue }: { readonly by: string; readonly overdue: boolean }): ReactElement {
  const { t } = useTranslation('admin');
  const date = formatDate(by);
  if (!overdue) return <Text size="sm">{t('oversight.due', { date })}</Text>;
  return (
    <Badge color="red" variant="outline" className="plain-badge">
      {t('oversight.late', { date })}
    </Badge>
  );
}

/** Words of somebody, apart from those of the page; written in whatever script. */
export function Quote({ label, children }: { readonly label: string; readonly children: string | null }): ReactElement {
  const { t } = useTranslation('admin');
  if (children === null) {
    return (
      <Text size="sm" c="dimmed">
        {t('oversight.erased')}
      </Text>
    );
  }
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <blockquote className="quoted" dir="auto">
        {children}
      </blockquote>
    </div>
  );
}
