import { Button, Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartnerDeliveries } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';
import { CAUSES, useCause } from './causes.js';

interface Filter {
  readonly partnerId: string;
  readonly cause: string;
  /** As `datetime-local` writes them: on the clock of whoever reads. */
  readonly from: string;
  readonly to: string;
}
const ALL: Filter = { partnerId: '', cause: '', from: '', to: '' };

interface Counted {
  readonly count: number;
  readonly more: boolean;
  readonly replayed: readonly string[];
}

function bodyOf({ partnerId, cause, from, to }: Filter, dryRun: boolean): object {
  return {
    dryRun,
    ...(partnerId !== '' && { partnerId }),
    ...(cause !== '' && { cause }),
    ...(from !== '' && { from: new Date(from).toISOString() }),
    ...(to !== '' && { to: new Date(to).toISOString() }),
  };
}

/** Dead letters, sent again by filter: counted first, and only what was counted can be sent. */
export function Replay({
  partners,
  onDone,
}: {
  readonly partners: readonly PartnerDeliveries[];
  readonly onDone: (said: string) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const cause = useCause();
  const client = useQueryClient();
  const [filter, setFilter] = useState<Filter>(ALL);
  const [asking, setAsking] = useState(false);
  const count = useMutation({
    mutationFn: (asked: Filter) => call<Counted>('POST', '/api/v1/transfers/replays', { body: bodyOf(asked, true) }),
  });
  const replay = useMutation({
    mutationFn: (asked: Filter) => call<Counted>('POST', '/api/v1/transfers/replays', { body: bodyOf(asked, false) }),
    onSuccess: async ({ replayed }) => {
      setAsking(false);
      count.reset();
      await Promise.all(
        ['dead-letters', 'deliveries', 'figures'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
      onDone(t('replay.done', { count: replayed.length }));
    },
  });
  const set = (change: Partial<Filter>): void => {
    // What was counted was another filter.
    count.reset();
    setFilter((before) => ({ ...before, ...change }));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    count.mutate(filter);
  };
  const found = count.data?.count ?? 0;
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h3">
        {t('replay.title')}
      </Title>
      <Text maw="46rem">{t('replay.what')}</Text>
      <form onSubmit={submit} noValidate>
        <Group align="flex-end">
          <NativeSelect
            label={t('replay.partner')}
            value={filter.partnerId}
            onChange={({ currentTarget: { value } }) => set({ partnerId: value })}
            data={[
              { value: '', label: t('replay.anyPartner') },
              ...partners.map(({ partnerId, name }) => ({ value: partnerId, label: name })),
            ]}
          />
          <NativeSelect
            label={t('replay.cause')}
            value={filter.cause}
            onChange={({ currentTarget: { value } }) => set({ cause: value })}
            data={[
              { value: '', label: t('replay.anyCause') },
              ...CAUSES.map((code) => ({ value: code, label: cause(code) })),
            ]}
          />
          <TextInput
            type="datetime-local"
            label={t('replay.from')}
            value={filter.from}
            onChange={({ currentTarget: { value } }) => set({ from: value })}
          />
          <TextInput
            type="datetime-local"
            label={t('replay.to')}
            value={filter.to}
            onChange={({ currentTarget: { value } }) => set({ to: value })}
          />
          <Button type="submit" variant="default" loading={count.isPending}>
            {t('replay.count')}
          </Button>
        </Group>
      </form>
      <Problems error={count.error} />
      <div aria-live="polite">
        {count.data !== undefined && (
          <Stack gap="xs" align="flex-start">
            <Text fw={650}>{t('replay.found', { count: found })}</Text>
            {count.data.more && <Text size="sm">{t('replay.more')}</Text>}
            {found > 0 && (
              <Button
                onClick={() => {
                  replay.reset();
                  setAsking(true);
                }}
              >
                {t('replay.do', { count: found })}
              </Button>
            )}
          </Stack>
        )}
      </div>
      <Confirm
        opened={asking}
        title={t('replay.ask', { count: found })}
        what={t('replay.askWhat')}
        yes={t('replay.do', { count: found })}
        no={t('step.keep')}
        busy={replay.isPending}
        error={<Problems error={replay.error} />}
        onYes={() => replay.mutate(filter)}
        onClose={() => setAsking(false)}
      />
    </Stack>
  );
}
