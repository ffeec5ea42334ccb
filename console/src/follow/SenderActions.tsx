import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { serverNowMs } from '../api/server-time.js';
import type { SentTransfer, TransferView } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import { UNDO_SECONDS } from '../send/use-send.js';

/** What its author can do now: take it back, send it again, look again. Nothing where there is nothing to do. */
export function SenderActions({
  transfer,
  other,
}: {
  readonly transfer: SentTransfer;
  readonly other: string;
}): ReactElement | null {
  const { t } = useTranslation();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: 'cancel' | 'replay') =>
      call<TransferView>('POST', `/api/v1/transfers/${transfer.id}/${what}`, { body: {} }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['transfer', transfer.id] });
      await client.invalidateQueries({ queryKey: ['worklist'] });
    },
  });
  const body = bodyOf();
  if (body === null && !act.isError) return null;
  return (
    <Stack gap="sm">
      {body}
      {act.isError && <Failure error={act.error} />}
    </Stack>
  );

  function bodyOf(): ReactElement | null {
    switch (transfer.status) {
      case 'held':
        return (
          <Alert
            color="relais"
            variant="light"
            title={t('follow.sent', { reference: transfer.reference })}
            role="status"
          >
            <Stack gap="xs">
              <Countdown until={transfer.sendAfter} organization={other} />
              <Button variant="default" w="fit-content" loading={act.isPending} onClick={() => act.mutate('cancel')}>
                {t('follow.undo')}
              </Button>
            </Stack>
          </Alert>
        );
      case 'queued':
        return (
          <Alert color="relais" variant="light" title={t('follow.onItsWay')} role="status">
            <Button variant="default" loading={act.isPending} onClick={() => act.mutate('cancel')}>
              {t('follow.takeBack')}
            </Button>
          </Alert>
        );
      case 'failed':
        return (
          <Alert color="red" variant="light" title={t('follow.failed')}>
            <Stack gap="xs">
              <Text>{lastCause(transfer) ?? t('follow.failedWhat')}</Text>
              <Group>
                <Button loading={act.isPending} onClick={() => act.mutate('replay')}>
                  {t('follow.replay')}
                </Button>
              </Group>
            </Stack>
          </Alert>
        );
      case 'needs-review':
      case 'stopped':
      case 'refused':
        return (
          <Alert color="orange" variant="light" title={t(`follow.title.${transfer.status}`)}>
            <Stack gap="xs" align="flex-start">
              {transfer.timeline.at(-1)?.reasons.map(({ code, text }) => (
                <Text key={code}>{text}</Text>
              ))}
              <Text>{t(`follow.what.${transfer.status}`)}</Text>
              <LinkButton to={paths.send(transfer.caseId)} variant="default">
                {t('follow.lookAgain')}
              </LinkButton>
            </Stack>
          </Alert>
        );
      case 'cancelled':
        return (
          <Alert color="gray" variant="light" title={t('follow.cancelled')} role="status">
            <LinkButton to={paths.send(transfer.caseId)} variant="default">
              {t('follow.sendAgain')}
            </LinkButton>
          </Alert>
        );
      case 'delivered':
      case 'sending':
        return null;
    }
  }
}

function lastCause(transfer: SentTransfer): string | null {
  return [...transfer.timeline].reverse().find(({ cause }) => cause !== undefined)?.cause?.text ?? null;
}

/** Seconds left to take it back; the gateway holds it, so closing the page changes nothing. */
function Countdown({
  until,
  organization,
}: {
  readonly until: string | null;
  readonly organization: string;
}): ReactElement {
  const { t } = useTranslation();
  const [nowMs, setNowMs] = useState(serverNowMs);
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(serverNowMs()), 250);
    return () => window.clearInterval(timer);
  }, []);
  const left = until === null ? 0 : Math.max(0, Math.ceil((Date.parse(until) - nowMs) / 1000));
  return (
    <Stack gap={4}>
      <Text>{t('follow.leaves', { count: left, organization })}</Text>
      <Progress value={Math.min(100, (left / UNDO_SECONDS) * 100)} aria-label={t('follow.timeToUndo')} />
    </Stack>
  );
}
