import { Alert, Button, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';

interface Told {
  readonly code: string;
  readonly channel: { readonly kind: 'phone' | 'in-person' | 'post'; readonly hint: string };
}

/** A recipient without software reads by a link from a notice and a code that its sender tells on another way. */
export function GuestCode({
  transferId,
  askedAt,
}: {
  readonly transferId: string;
  /** When it asked for a code that it did not get yet. */
  readonly askedAt: string | null;
}): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: () => call<Told>('POST', `/api/v1/transfers/${transferId}/access-code`, { body: {} }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['transfer', transferId] });
      await client.invalidateQueries({ queryKey: ['worklist'] });
    },
  });
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="guest-code">
      <Stack gap="xs" align="flex-start">
        <h2 id="guest-code" className="section">
          {t('guest.title')}
        </h2>
        <Text c="dimmed">{t('guest.what')}</Text>
        {askedAt !== null && <Text fw={600}>{t('guest.asked', { at: formatMoment(askedAt) })}</Text>}
        <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
          {t('guest.ask')}
        </Button>
        {ask.isError && <Failure error={ask.error} title={t('guest.none')} />}
        <div role="status">
          {ask.data !== undefined && (
            <Alert
              color="relais"
              variant="light"
              title={t(`guest.tell.${ask.data.channel.kind}`, { hint: ask.data.channel.hint })}
            >
              <Text>
                <strong className="code">{ask.data.code}</strong>
              </Text>
              <Text size="sm">{t('guest.once')}</Text>
            </Alert>
          )}
        </div>
      </Stack>
    </Paper>
  );
}
