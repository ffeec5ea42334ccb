import { Button, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { deadLetters, type DeadLetter } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { Failure } from '../../kit/Failure.js';
import { formatMoment } from '../../kit/format.js';
import { Loading } from '../../kit/Loading.js';
import { VirtualRows } from '../../kit/VirtualRows.js';
import { currentLang } from '../../texts/i18n.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';
import { useWords } from '../use-words.js';
import { DeadLetterState } from './DeadLetterState.js';

interface Counted {
  readonly count: number;
}

/** What failed for good, and what became of it since; one is sent again after a dry run. No person, no content. */
export function DeadLetters({ onDone }: { readonly onDone: (said: string) => void }): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const list = useQuery(deadLetters(currentLang()));
  const [asked, setAsked] = useState<DeadLetter | null>(null);
  // The words stay while the dialog closes.
  const [shown, setShown] = useState<DeadLetter | null>(null);
  const ask = (transferId: string, dryRun: boolean): Promise<Counted> =>
    call<Counted>('POST', '/api/v1/transfers/replays', { body: { transferId, dryRun } });
  const dryRun = useMutation({ mutationFn: (transferId: string) => ask(transferId, true) });
  const replay = useMutation({
    mutationFn: (transferId: string) => ask(transferId, false),
    onSuccess: async ({ count }) => {
      setAsked(null);
      await Promise.all(
        ['dead-letters', 'deliveries', 'figures'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
      onDone(t('replay.done', { count }));
    },
  });
  const open = (one: DeadLetter): void => {
    replay.reset();
    setShown(one);
    setAsked(one);
    dryRun.mutate(one.transferId);
  };
  const count = dryRun.data?.count;
  const found = list.data?.deadLetters ?? [];
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('deadLetters.title')}
      </Title>
      <Text maw="46rem">{t('deadLetters.what')}</Text>
      {list.isPending && <Loading />}
      {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && found.length === 0 && <Text c="dimmed">{t('deadLetters.none')}</Text>}
      {found.length > 0 && (
        <VirtualRows items={found} rowPx={112} label={t('deadLetters.title')} keyOf={({ transferId }) => transferId}>
          {(one) => <Row letter={one} onAsk={open} />}
        </VirtualRows>
      )}
      {list.data?.more === true && <Text size="sm">{t('deadLetters.more')}</Text>}
      <Confirm
        opened={asked !== null}
        title={t('deadLetters.ask', { reference: shown?.reference ?? '' })}
        what={t('deadLetters.askWhat')}
        yes={t('deadLetters.again')}
        no={t('step.keep')}
        busy={replay.isPending}
        disabled={count !== 1}
        error={<Problems error={dryRun.error ?? replay.error} />}
        onYes={() => shown !== null && replay.mutate(shown.transferId)}
        onClose={() => setAsked(null)}
      >
        <div role="status">
          <Text fw={650}>
            {dryRun.isPending
              ? t('deadLetters.counting')
              : count === undefined
                ? null
                : count === 1
                  ? t('deadLetters.would')
                  : t('deadLetters.wouldNot')}
          </Text>
        </div>
      </Confirm>
    </Stack>
  );
}

function Row({
  letter,
  onAsk,
}: {
  readonly letter: DeadLetter;
  readonly onAsk: (letter: DeadLetter) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const { reference, recipientOrganizationId, at, cause, attempts, status, contentKept } = letter;
  return (
    <div className="row">
      <div className="row-main">
        <Text fw={650}>
          {t('deadLetters.line', { reference, organization: nameOf(recipientOrganizationId), date: formatMoment(at) })}
        </Text>
        {status === 'failed' && (
          <Text size="sm" maw="44rem">
            {cause.text}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t('deadLetters.attempts', { count: attempts })}
          {status === 'failed' && !contentKept && <> {t('deadLetters.gone')}</>}
        </Text>
      </div>
      <div className="row-next">
        <DeadLetterState status={status} />
        {status === 'failed' && contentKept && (
          <Button
            size="compact-md"
            variant="default"
            aria-label={t('deadLetters.againOf', { reference })}
            onClick={() => onAsk(letter)}
          >
            {t('deadLetters.again')}
          </Button>
        )}
      </div>
    </div>
  );
}
