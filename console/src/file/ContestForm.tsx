import { Button, Group, NativeSelect, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import type { TransferView } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';

/** The person says "this is wrong" or "I object": in their own words, answered by a human in a set term. */
export function ContestForm({
  personId,
  transfers,
  nameOf,
}: {
  readonly personId: string;
  readonly transfers: readonly TransferView[];
  readonly nameOf: (id: string) => string;
}): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(true);
  const [kind, setKind] = useState('');
  const [about, setAbout] = useState('');
  const [words, setWords] = useState('');
  const record = useMutation({
    mutationFn: () =>
      call<{ contest: { by: string }; stopped: readonly string[] }>('POST', `/api/v1/persons/${personId}/contests`, {
        body: { kind, words: words.trim(), ...(about !== '' && { transferId: about }) },
      }),
    onSuccess: async () => {
      setOpen(false);
      setKind('');
      setAbout('');
      setWords('');
      await client.invalidateQueries({ queryKey: ['transfers', personId] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (kind !== '' && words.trim() !== '') record.mutate();
  };
  return (
    <Stack gap="sm">
      <div role="status">
        {record.data !== undefined && (
          <Text>
            {t('file.contest.recorded', { date: formatMoment(record.data.contest.by) })}{' '}
            {record.data.stopped.length > 0 && t('file.consent.stopped', { count: record.data.stopped.length })}
          </Text>
        )}
      </div>
      {!open && (
        <Stack gap="xs" align="flex-start">
          <Text c="dimmed">{t('file.contest.what')}</Text>
          <Button variant="default" onClick={() => setOpen(true)}>
            {t('file.contest.open')}
          </Button>
        </Stack>
      )}
      {open && (
        <form onSubmit={submit}>
          <Stack gap="md" maw="40rem">
            <Radio.Group label={t('file.contest.kind')} value={kind} onChange={setKind} required>
              <Stack gap="xs" mt={4}>
                <Radio value="correction" label={t('file.contest.correction')} />
                <Radio value="objection" label={t('file.contest.objection')} />
              </Stack>
            </Radio.Group>
            <NativeSelect
              label={t('file.contest.about')}
              value={about}
              onChange={({ currentTarget: { value } }) => setAbout(value)}
              data={[
                { value: '', label: t('file.contest.everything') },
                ...transfers
                  .filter(({ viewedAs }) => viewedAs === 'sender')
                  .map(({ id, reference, recipientOrganizationId }) => ({
                    value: id,
                    label: `${reference} · ${nameOf(recipientOrganizationId)}`,
                  })),
              ]}
            />
            <Textarea
              label={t('file.contest.words')}
              description={t('file.contest.wordsHint')}
              value={words}
              onChange={({ currentTarget: { value } }) => setWords(value)}
              autosize
              minRows={3}
              maxLength={4000}
              dir="auto"
              required
            />
            {record.isError && <Failure error={record.error} />}
            <Group>
              <Button type="submit" loading={record.isPending} disabled={kind === '' || words.trim() === ''}>
                {t('file.contest.record')}
              </Button>
              <Button variant="default" onClick={() => setOpen(false)}>
                {t('file.contest.cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
