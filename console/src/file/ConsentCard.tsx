import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import type { DecisionOfPerson } from '../api/queries.js';
import { Failure } from '../kit/Failure.js';
import { formatDate, formatMoment } from '../kit/format.js';
import { labelName, purposeName } from '../kit/label-name.js';

interface Withdrawal {
  readonly stopped: readonly string[];
  readonly alreadySent: readonly string[];
  readonly notified: readonly string[];
}

/** One decision of the person in a sentence; withdrawing takes as many clicks as saying yes did. */
export function ConsentCard({
  decision: { resource, shown },
  nameOf,
  personId,
}: {
  readonly decision: DecisionOfPerson;
  readonly nameOf: (id: string) => string;
  readonly personId: string;
}): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { provision } = resource;
  const permits = resource.status !== 'rejected' && provision?.type !== 'deny';
  const recipient = provision?.actor?.[0]?.reference?.reference?.replace(/^Organization\//, '');
  const purpose = provision?.purpose?.[0]?.code;
  const labels = (provision?.securityLabel ?? []).flatMap(({ code }) => (code === undefined ? [] : [labelName(code)]));
  const withdraw = useMutation({
    mutationFn: () => call<Withdrawal>('POST', `/api/v1/consents/${shown.id}/withdraw`, { body: {} }),
    onSettled: async () => {
      setAsking(false);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['consents', personId] }),
        client.invalidateQueries({ queryKey: ['transfers', personId] }),
      ]);
    },
  });
  const inForce = shown.state === 'in-force';
  return (
    <Card withBorder padding="md" component="article">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={650}>
            {t(permits ? 'file.consent.yes' : 'file.consent.no', {
              organization: recipient === undefined ? t('file.consent.anybody') : nameOf(recipient),
            })}
          </Text>
          <Badge color={!inForce ? 'gray' : permits ? 'green' : 'red'} variant="light" tt="none">
            {t(`file.consent.state.${shown.status === 'unreadable' ? 'unreadable' : shown.state}`)}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {purpose !== undefined && `${purposeName(purpose)} · `}
          {t('file.consent.decided', { date: formatMoment(shown.decidedAt) })}
          {provision?.period?.end !== undefined &&
            ` · ${t('file.consent.until', { date: formatDate(provision.period.end) })}`}
        </Text>
        {labels.length > 0 && <Text size="sm">{labels.join(', ')}</Text>}
        {permits && inForce && !asking && (
          <Button variant="default" size="compact-md" onClick={() => setAsking(true)} w="fit-content">
            {t('file.consent.withdraw')}
          </Button>
        )}
        {asking && (
          <Stack gap="xs" role="group" aria-label={t('file.consent.withdraw')}>
            <Text size="sm">{t('file.consent.withdrawWhat')}</Text>
            <Group>
              <Button color="red" loading={withdraw.isPending} onClick={() => withdraw.mutate()} data-autofocus>
                {t('file.consent.withdrawNow')}
              </Button>
              <Button variant="default" onClick={() => setAsking(false)}>
                {t('file.consent.keep')}
              </Button>
            </Group>
          </Stack>
        )}
        <div role="status">
          {withdraw.data !== undefined && (
            <Text size="sm">
              {t('file.consent.withdrawn')} {t('file.consent.stopped', { count: withdraw.data.stopped.length })}
              {withdraw.data.alreadySent.length + withdraw.data.notified.length > 0 &&
                ` ${t('file.consent.alreadySent', { count: Math.max(withdraw.data.alreadySent.length, withdraw.data.notified.length) })}`}
            </Text>
          )}
        </div>
        {withdraw.isError && <Failure error={withdraw.error} onRetry={() => withdraw.mutate()} />}
      </Stack>
    </Card>
  );
}
