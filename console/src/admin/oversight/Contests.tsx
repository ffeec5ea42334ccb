import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { openContests, type Contest } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { transfersOf } from '../../api/queries.js';
import { formatDate } from '../../kit/format.js';
import { AnswerDialog } from '../parts/AnswerDialog.js';
import { Problems } from '../parts/Problems.js';
import { useWords } from '../use-words.js';
import { Due, Quote, Waiting } from './Waiting.js';

const OUTCOMES = { objection: ['upheld', 'declined'], correction: ['corrected', 'declined'] } as const;
type Outcome = 'upheld' | 'corrected' | 'declined';

/** What persons object to or say is wrong, until a human has answered. */
export function Contests({ onDone }: { readonly onDone: (said: string) => void }): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const waiting = useQuery(openContests);
  const [chosen, setChosen] = useState<Contest | null>(null);
  return (
    <>
      <Waiting
        query={waiting}
        title={(count) => t('oversight.contest.title', { count })}
        none={t('oversight.contest.none')}
        keyOf={({ id }) => id}
      >
        {(one) => (
          <>
            <div className="row-main">
              <Text fw={650}>{t(`oversight.contest.${one.kind}`)}</Text>
              <Text size="sm" c="dimmed">
                {t('oversight.contest.recorded', { date: formatDate(one.recordedAt) })}{' '}
                {one.recipientOrganizationId === null
                  ? t('oversight.contest.aboutAll')
                  : t('oversight.contest.about', { organization: nameOf(one.recipientOrganizationId) })}
              </Text>
              <Quote label={t('oversight.contest.words')}>{one.words}</Quote>
            </div>
            <div className="row-next">
              <Due by={one.by} overdue={one.state === 'overdue'} />
              <Button
                size="compact-md"
                aria-label={t('oversight.contest.answerOf', { date: formatDate(one.recordedAt) })}
                onClick={() => setChosen(one)}
              >
                {t('oversight.contest.answer')}
              </Button>
            </div>
          </>
        )}
      </Waiting>
      {chosen !== null && (
        <Answer
          contest={chosen}
          onDone={(said) => {
            setChosen(null);
            onDone(said);
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

function Answer({
  contest,
  onDone,
  onClose,
}: {
  readonly contest: Contest;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const [carriers, setCarriers] = useState<string[]>([]);
  const answer = useMutation({
    mutationFn: ({ outcome, words }: { outcome: Outcome; words: string }) =>
      call<{ notified: unknown[] }>('POST', `/api/v1/contests/${contest.id}/answer`, {
        body: { outcome, words, correctedTransferIds: outcome === 'corrected' ? carriers : [] },
      }),
    onSuccess: async ({ notified }) => {
      await Promise.all(['contests', 'notices-sent'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      const count = notified.length;
      onDone(count === 0 ? t('oversight.contest.done') : t('oversight.contest.doneTold', { count }));
    },
  });
  return (
    <AnswerDialog<Outcome>
      title={t('oversight.contest.answerOf', { date: formatDate(contest.recordedAt) })}
      what={t(contest.kind === 'objection' ? 'oversight.contest.whatObjection' : 'oversight.contest.whatCorrection')}
      about={<Quote label={t('oversight.contest.words')}>{contest.words}</Quote>}
      outcomeLabel={t('oversight.contest.outcome')}
      outcomes={OUTCOMES[contest.kind].map((value) => ({ value, label: t(`oversight.contest.${value}`) }))}
      noteLabel={t('oversight.contest.forPerson')}
      mostCharacters={4000}
      submit={t('oversight.contest.answer')}
      busy={answer.isPending}
      error={<Problems error={answer.error} />}
      onAnswer={(outcome, words) => answer.mutate({ outcome, words })}
      onClose={onClose}
    >
      {(outcome) => outcome === 'corrected' && <Carriers contest={contest} chosen={carriers} onChange={setCarriers} />}
    </AnswerDialog>
  );
}

const ON_THEIR_WAY: ReadonlySet<string> = new Set(['held', 'queued', 'sending', 'delivered']);

/** Transfers about this person that were asked for since: one may bring a past recipient what is right. */
function Carriers({
  contest,
  chosen,
  onChange,
}: {
  readonly contest: Contest;
  readonly chosen: string[];
  readonly onChange: (ids: string[]) => void;
}): ReactElement | null {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const { data } = useQuery(transfersOf(contest.personId));
  const since = (data ?? []).filter(
    (one) => one.viewedAs === 'sender' && ON_THEIR_WAY.has(one.status) && one.requestedAt >= contest.recordedAt,
  );
  if (data === undefined) return null;
  if (since.length === 0) return <Text size="sm">{t('oversight.contest.carriersNone')}</Text>;
  return (
    <Checkbox.Group label={t('oversight.contest.carriers')} value={chosen} onChange={onChange}>
      <Stack gap="xs" mt="xs">
        {since.map(({ id, reference, recipientOrganizationId }) => (
          <Checkbox key={id} value={id} label={`${reference}, ${nameOf(recipientOrganizationId)}`} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
