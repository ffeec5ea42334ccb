import { Alert, Button, Checkbox, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { isProblem } from '../api/problem.js';
import type { SentTransfer, TransferView } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import { lastQuestion } from './last-question.js';

/** As the gateway takes it (src/transfer/answer-question.ts). */
const MOST_WORDS = 2000;

/** Words that may speak of what is not permitted, and what somebody confirmed of them. */
interface Doubt {
  readonly words: string;
  readonly digest: string;
  readonly topics: string;
}

/**
 * The recipient asks for something. Words answer in the thread; what stands in the file travels as a transfer of its own.
 * What was typed stays until it was said.
 */
export function QuestionPanel({ transfer }: { readonly transfer: SentTransfer }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [words, setWords] = useState('');
  const [doubt, setDoubt] = useState<Doubt | null>(null);
  const [confirmed, setConfirmed] = useState(false);
  const attempt = useRef({ words: '', id: '' });
  const question = lastQuestion(transfer);
  // Of other words than these nobody was warned.
  const doubtNow = doubt?.words === words.trim() ? doubt : null;
  const send = useMutation({
    mutationFn: () => {
      const said = words.trim();
      // The same words sent twice are said once.
      if (attempt.current.words !== said) attempt.current = { words: said, id: crypto.randomUUID() };
      const reviewed = doubtNow !== null && confirmed ? { reviewed: doubtNow.digest } : {};
      const body = { id: attempt.current.id, words: said, ...reviewed };
      return call<TransferView>('POST', `/api/v1/transfers/${transfer.id}/messages`, { body });
    },
    onSuccess: async () => {
      attempt.current = { words: '', id: '' };
      setWords('');
      setDoubt(null);
      setConfirmed(false);
      await client.invalidateQueries({ queryKey: ['transfer', transfer.id] });
      await client.invalidateQueries({ queryKey: ['worklist'] });
    },
    onError: (error) => {
      if (!isProblem(error, 'message.to-review')) return;
      const { digest, doubts } = error.details as { digest: string; doubts: readonly { text: string }[] };
      setConfirmed(false);
      setDoubt({ words: words.trim(), digest, topics: doubts.map(({ text }) => text).join(', ') });
    },
  });
  const mayGo = words.trim() !== '' && (doubtNow === null || confirmed);
  return (
    <Paper withBorder p="lg" component="section" aria-label={t('thread.title')}>
      <Stack gap="md">
        <h2 className="section">{t('thread.title')}</h2>
        <div>
          <Text dir="auto" className="said message">
            {question.words ?? t('thread.noWords')}
          </Text>
          <div role="status">
            {question.answered && (
              <Text mt="xs">{t(transfer.recipientIsGuest ? 'thread.guest' : 'thread.answered')}</Text>
            )}
          </div>
        </div>
        <Textarea
          label={t('thread.answer')}
          description={t('thread.hint')}
          value={words}
          onChange={({ currentTarget: { value } }) => setWords(value)}
          autosize
          minRows={2}
          maxLength={MOST_WORDS}
          dir="auto"
        />
        {doubtNow !== null && (
          <Alert color="orange" variant="light" role="alert" title={t('thread.doubt')}>
            <Stack gap="xs">
              <Text>{t('thread.doubtWhat', { topics: doubtNow.topics })}</Text>
              <Checkbox
                label={t('thread.confirm')}
                checked={confirmed}
                onChange={({ currentTarget: { checked } }) => setConfirmed(checked)}
              />
            </Stack>
          </Alert>
        )}
        {send.isError && !isProblem(send.error, 'message.to-review') && (
          <Failure error={send.error} title={t('thread.notSent')} />
        )}
        <Group>
          <Button disabled={!mayGo} loading={send.isPending} onClick={() => send.mutate()}>
            {t('thread.send')}
          </Button>
        </Group>
        <Stack gap="xs" align="flex-start">
          <Text fw={600}>{t('thread.record')}</Text>
          <Text c="dimmed">{t('thread.recordWhat')}</Text>
          <LinkButton to={paths.sendFollowing(transfer.caseId, transfer.id)} variant="default">
            {t('thread.sendRecord')}
          </LinkButton>
        </Stack>
      </Stack>
    </Paper>
  );
}
