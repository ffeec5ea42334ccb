import { Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/call.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { useCaller } from '../../shell/caller.js';
import { auditLine, type AuditEventResource } from './audit-line.js';
import { Entries } from './Entries.js';
import { addressOf, EVERYTHING, nextPage, wrongIn, type LogSearch } from './search.js';
import { Verification } from './Verification.js';

const WHEN = { any: 'log.whenAny', on: 'log.whenOn', since: 'log.whenSince', until: 'log.whenUntil' } as const;

/** The log: whether it is whole, and, for the data-protection officer, what is in it. */
export function LogPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { roles } = useCaller();
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageTitle windowTitle={t('log.title')}>{t('log.title')}</PageTitle>
        <Text c="dimmed" maw="46rem">
          {t('log.lead')}
        </Text>
      </Stack>
      <Verification />
      {roles.includes('data-protection-officer') && <Search />}
    </Stack>
  );
}

interface Page {
  readonly link?: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: AuditEventResource }[];
}

function Search(): ReactElement {
  const { t } = useTranslation('admin');
  const heading = useRef<HTMLHeadingElement>(null);
  const [typed, setTyped] = useState<LogSearch>(EVERYTHING);
  const [asked, setAsked] = useState<LogSearch>(EVERYTHING);
  const [wrong, setWrong] = useState<readonly ('day' | 'id')[]>([]);
  const found = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam, signal }) => call<Page>('GET', pageParam, { signal }),
    initialPageParam: addressOf(asked),
    getNextPageParam: ({ link }) => nextPage(link),
    // Looking is an entry of the log: not more often than somebody asks.
    staleTime: Infinity,
    gcTime: 0,
  });
  const lines = useMemo(
    () => (found.data?.pages ?? []).flatMap(({ entry = [] }) => entry.map(({ resource }) => auditLine(resource))),
    [found.data],
  );
  const ask = (search: LogSearch): void => {
    setTyped(search);
    const mistakes = wrongIn(search);
    setWrong(mistakes);
    if (mistakes.length === 0) setAsked(search);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask(typed);
  };
  const follow = (id: string): void => {
    ask({ ...EVERYTHING, id });
    heading.current?.focus();
  };
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h3" ref={heading} tabIndex={-1} className="page-title">
        {t('log.entries')}
      </Title>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Group align="flex-start">
          <NativeSelect
            label={t('log.when')}
            value={typed.when}
            onChange={({ currentTarget: { value } }) => setTyped({ ...typed, when: value as LogSearch['when'] })}
            data={Object.entries(WHEN).map(([value, key]) => ({ value, label: t(key) }))}
          />
          {typed.when !== 'any' && (
            <TextInput
              type="date"
              label={t('log.day')}
              value={typed.day}
              onChange={({ currentTarget: { value } }) => setTyped({ ...typed, day: value })}
              error={wrong.includes('day') ? t('log.dayNeeded') : undefined}
            />
          )}
          <TextInput
            label={t('log.id')}
            description={t('log.idWhat')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={typed.id}
            onChange={({ currentTarget: { value } }) => setTyped({ ...typed, id: value })}
            error={wrong.includes('id') ? t('log.idWrong') : undefined}
            w={{ base: '100%', sm: '24rem' }}
          />
        </Group>
        <Group mt="sm">
          <Button type="submit" loading={found.isFetching && !found.isFetchingNextPage}>
            {t('log.search')}
          </Button>
          {asked !== EVERYTHING && (
            <Button variant="default" onClick={() => ask(EVERYTHING)}>
              {t('log.clear')}
            </Button>
          )}
        </Group>
      </form>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && lines.length === 0 && <EmptyState title={t('log.none')} what={t('log.noneWhat')} />}
      {lines.length > 0 && (
        <>
          <Text size="sm" role="status">
            {t('log.loaded', { count: lines.length })} {!found.hasNextPage && t('log.end')}
          </Text>
          <Entries lines={lines} onFollow={follow} />
          {found.hasNextPage && (
            <Button variant="default" onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
              {t('log.older')}
            </Button>
          )}
        </>
      )}
    </Stack>
  );
}
