import { Button, Group, NativeSelect, Paper, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import type { TransferView } from '../api/views.js';
import { Failure } from '../kit/Failure.js';

const ANSWERS: Readonly<Record<string, readonly Answer[]>> = {
  requested: ['accepted', 'rejected', 'on-hold'],
  received: ['accepted', 'rejected', 'on-hold'],
  'on-hold': ['accepted', 'rejected', 'on-hold'],
  accepted: ['in-progress', 'completed', 'on-hold', 'cancelled'],
  'in-progress': ['completed', 'on-hold', 'cancelled'],
};
type Answer = 'accepted' | 'rejected' | 'on-hold' | 'in-progress' | 'completed' | 'cancelled';

/** Reasons to decline, as the case model codes them; the sender reads them in their own language. */
const DECLINE_REASONS = [
  'no-capacity',
  'out-of-area',
  'not-eligible',
  'missing-information',
  'person-declined',
  'not-reachable',
  'other',
] as const;
const DECLINE_REASON_SYSTEM = 'https://relais.example/fhir/CodeSystem/decline-reason';

/** The receiver's side: accept, decline with a reason, ask for what is missing, report how it ended. */
export function AnswerPanel({ transfer }: { readonly transfer: TransferView }): ReactElement | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [answer, setAnswer] = useState('');
  const [reason, setReason] = useState('');
  const [words, setWords] = useState('');
  const choices = ANSWERS[transfer.referralStatus ?? ''] ?? [];
  const send = useMutation({
    mutationFn: () => {
      return call('PUT', `/fhir/Task/${transfer.taskId}`, {
        body: {
          resourceType: 'Task',
          id: transfer.taskId,
          status: answer,
          intent: 'order',
          ...(answer === 'rejected' && {
            statusReason: { coding: [{ system: DECLINE_REASON_SYSTEM, code: reason }] },
          }),
          ...(words.trim() !== '' && { note: [{ text: words.trim() }] }),
        },
      });
    },
    onSuccess: async () => {
      setAnswer('');
      setReason('');
      setWords('');
      await client.invalidateQueries({ queryKey: ['transfer', transfer.id] });
      await client.invalidateQueries({ queryKey: ['worklist'] });
    },
  });
  if (choices.length === 0) return null;
  const needsWords = answer === 'on-hold';
  const needsReason = answer === 'rejected';
  const complete = answer !== '' && (!needsWords || words.trim() !== '') && (!needsReason || reason !== '');
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('answer.title')}>
      <Stack gap="md">
        <Radio.Group value={answer} onChange={setAnswer} label={t('answer.title')}>
          <div className="choices">
            {choices.map((one) => (
              <Radio key={one} value={one} label={t(`answer.${one}`)} description={t(`answer.what.${one}`)} />
            ))}
          </div>
        </Radio.Group>
        {needsReason && (
          <NativeSelect
            label={t('answer.why')}
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
            data={[
              { value: '', label: t('answer.choose') },
              ...DECLINE_REASONS.map((value) => ({ value, label: t(`answer.reason.${value}`) })),
            ]}
            maw="24rem"
            required
          />
        )}
        {answer !== '' && (
          <Textarea
            label={t(needsWords ? 'answer.question' : 'answer.words')}
            description={t('answer.wordsHint')}
            value={words}
            onChange={({ currentTarget: { value } }) => setWords(value)}
            autosize
            minRows={2}
            maxLength={3000}
            dir="auto"
            required={needsWords}
          />
        )}
        {send.isError && <Failure error={send.error} />}
        <Group>
          <Button disabled={!complete} loading={send.isPending} onClick={() => send.mutate()}>
            {t('answer.send')}
          </Button>
        </Group>
        <div role="status">{send.isSuccess && answer === '' && <Text>{t('answer.sent')}</Text>}</div>
      </Stack>
    </Paper>
  );
}
