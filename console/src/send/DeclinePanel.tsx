import { Alert, Button, Group, Paper, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import type { DeclinedShare } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { purposeName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import type { RecipientOption } from './options-of.js';

const REASONS = ['person-asked', 'not-needed', 'would-endanger', 'professional-secrecy', 'other'] as const;

/**
 * "I decline to share": an outcome of its own, recorded with its reason. Nothing is preselected; nobody is counted, and
 * the page says what the person will read of it.
 */
export function DeclinePanel({
  caseId,
  personId,
  option,
  onDeclined,
  onCancel,
}: {
  readonly caseId: string;
  readonly personId: string;
  readonly option: RecipientOption;
  readonly onDeclined: () => void;
  readonly onCancel: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const headingId = useId();
  const [reason, setReason] = useState('');
  const [words, setWords] = useState('');
  const [isMissing, setMissing] = useState(false);
  // The same decision sent twice is recorded once.
  const id = useRef(crypto.randomUUID());
  const organization = option.organization.name;
  useEffect(() => heading.current?.focus(), []);
  const record = useMutation({
    mutationFn: () =>
      call<DeclinedShare>('POST', `/api/v1/persons/${personId}/declined-shares`, {
        body: {
          id: id.current,
          recipientOrganizationId: option.organization.id,
          purpose: option.purpose,
          reason,
          ...(words.trim() !== '' && { words: words.trim() }),
        },
      }),
    onSuccess: async () => {
      onDeclined();
      await client.invalidateQueries({ queryKey: ['declined', personId] });
    },
  });
  const lacksWords = reason === 'other' && words.trim() === '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(reason === '' || lacksWords);
    if (reason !== '' && !lacksWords) record.mutate();
  };
  if (record.isSuccess) {
    return (
      <Alert color="relais" variant="light" role="status" title={t('decline.recorded')}>
        <Stack gap="sm" align="flex-start">
          <Text>{t('decline.recordedWhat', { organization })}</Text>
          <LinkButton to={paths.case(caseId)} variant="default">
            {t('follow.file')}
          </LinkButton>
        </Stack>
      </Alert>
    );
  }
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby={headingId}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md" maw="44rem">
          <h2 className="section" id={headingId} ref={heading} tabIndex={-1}>
            {t('decline.title', { organization })}
          </h2>
          <Text>{t('decline.what', { purpose: purposeName(option.purpose) })}</Text>
          <Radio.Group
            label={t('decline.why')}
            value={reason}
            onChange={setReason}
            error={isMissing && reason === '' ? t('decline.whyMissing') : undefined}
            required
          >
            <Stack gap="xs" mt={6}>
              {REASONS.map((one) => (
                <Radio key={one} value={one} label={t(`decline.reason.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="dimmed" role="status">
            {reason !== '' && t(reason === 'would-endanger' ? 'decline.notTold' : 'decline.told')}
          </Text>
          <Textarea
            label={t('decline.words')}
            description={t('decline.wordsHint')}
            value={words}
            onChange={({ currentTarget: { value } }) => setWords(value)}
            error={isMissing && lacksWords ? t('decline.wordsMissing') : undefined}
            autosize
            minRows={2}
            maxLength={2000}
            dir="auto"
            required={reason === 'other'}
          />
          {record.isError && <Failure error={record.error} />}
          <Group>
            <Button type="submit" loading={record.isPending}>
              {t('decline.record')}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {t('decline.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
