import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { deferrals, type Deferral } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { formatDate, formatMoment } from '../../kit/format.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';
import { Quote, Waiting } from './Waiting.js';

type Act = 'confirm' | 'lift';

/** Notices to the person that were deferred: a second reader confirms, or somebody ends it. */
export function Deferrals({ onDone }: { readonly onDone: (said: string) => void }): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const waiting = useQuery(deferrals);
  const [asked, setAsked] = useState<{ act: Act; one: Deferral } | null>(null);
  const [shown, setShown] = useState<Act>('confirm');
  const take = useMutation({
    mutationFn: ({ act, one }: { act: Act; one: Deferral }) =>
      call('POST', `/api/v1/transfers/${one.transferId}/notice/${act}`, { body: {} }),
    onSuccess: async (_answer, { act }) => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ['deferrals'] });
      onDone(t(`oversight.deferral.${act}Done`));
    },
  });
  const ask = (act: Act, one: Deferral): void => {
    take.reset();
    setShown(act);
    setAsked({ act, one });
  };
  return (
    <>
      <Waiting
        query={waiting}
        title={(count) => t('oversight.deferral.title', { count })}
        none={t('oversight.deferral.none')}
        keyOf={({ transferId }) => transferId}
      >
        {(one) => (
          <>
            <div className="row-main">
              <Text fw={650}>
                {t('oversight.deferral.line', { reference: one.reference, date: formatDate(one.deferredAt) })}
              </Text>
              <Text size="sm">{t('oversight.deferral.until', { date: formatDate(one.reviewOn) })}</Text>
              <Text size="sm">
                {one.confirmedAt !== null
                  ? t('oversight.deferral.confirmed', { date: formatDate(one.confirmedAt) })
                  : t('oversight.deferral.unconfirmed', { date: formatMoment(one.lapsesAt ?? one.deferredAt) })}
              </Text>
              <Quote label={t('oversight.glass.reason')}>{one.reason}</Quote>
            </div>
            <Group gap="xs" className="row-next">
              {one.confirmedAt === null && (
                <Button
                  size="compact-md"
                  aria-label={t('oversight.deferral.confirmOf', { reference: one.reference })}
                  onClick={() => ask('confirm', one)}
                >
                  {t('oversight.deferral.confirm')}
                </Button>
              )}
              <Button
                size="compact-md"
                variant="default"
                aria-label={t('oversight.deferral.liftOf', { reference: one.reference })}
                onClick={() => ask('lift', one)}
              >
                {t('oversight.deferral.lift')}
              </Button>
            </Group>
          </>
        )}
      </Waiting>
      <Confirm
        opened={asked !== null}
        title={t(`oversight.deferral.${shown}Ask`)}
        what={t(`oversight.deferral.${shown}What`)}
        yes={t(`oversight.deferral.${shown}`)}
        no={t('step.keep')}
        danger={shown === 'lift'}
        busy={take.isPending}
        error={<Problems error={take.error} />}
        onYes={() => {
          if (asked !== null) take.mutate(asked);
        }}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
