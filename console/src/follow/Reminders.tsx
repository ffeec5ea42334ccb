import { Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/call.js';
import { remindersOf } from '../api/queries.js';
import type { RemindersView, SentTransfer } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { formatDate, formatMoment } from '../kit/format.js';
import { Loading } from '../kit/Loading.js';

/** How the recipient is reminded: by Relais, by a click, or, where quiet was asked for, not at all. */
export function Reminders({ transfer }: { readonly transfer: SentTransfer }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/api/v1/transfers/${transfer.id}/reminders`;
  const asked = remindersOf(transfer.id, transfer.timeline.length);
  const query = useQuery({ ...asked, placeholderData: keepPreviousData });
  /** The same until it is answered: a click whose answer was lost sends once. */
  const key = useRef(crypto.randomUUID());
  const show = (view: RemindersView): void => void client.setQueryData(asked.queryKey, view);
  const remind = useMutation({
    mutationFn: () => call<RemindersView>('POST', path, { body: {}, headers: { 'idempotency-key': key.current } }),
    onSuccess: (view) => {
      key.current = crypto.randomUUID();
      show(view);
    },
  });
  /** What was ticked and is not kept yet. Of its own, for a state that comes a moment later would tick the box back. */
  const [chosen, choose] = useState<boolean>();
  const quiet = useMutation({
    mutationFn: (on: boolean) => call<RemindersView>('PUT', path, { body: { on } }),
    onMutate: () => remind.reset(),
    onSuccess: show,
    onSettled: () => choose(undefined),
  });
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="reminders">
      <Stack gap="sm">
        <h2 id="reminders" className="section">
          {t('reminders.title')}
        </h2>
        {query.isError && query.data === undefined && (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isPending && <Loading lines={2} />}
        {query.data !== undefined && (
          <>
            <Standing view={query.data} />
            <Group>
              <Button
                variant="default"
                loading={remind.isPending}
                disabled={query.data.offSince !== null || query.data.waitsSince !== null}
                onClick={() => remind.mutate()}
              >
                {t('reminders.now')}
              </Button>
            </Group>
            <Text size="sm" c="dimmed">
              {t(transfer.recipientIsGuest ? 'reminders.whatGuest' : 'reminders.what')}
            </Text>
            <Checkbox
              label={t('reminders.off')}
              checked={chosen ?? query.data.offSince !== null}
              disabled={quiet.isPending}
              onChange={({ currentTarget: { checked } }) => {
                choose(checked);
                quiet.mutate(!checked);
              }}
            />
          </>
        )}
        {remind.isError && <Failure error={remind.error} title={t('reminders.refused')} />}
        {quiet.isError && <Failure error={quiet.error} />}
      </Stack>
    </Paper>
  );
}

/** Where they stand, in a sentence or two; told when it changes. */
function Standing({ view }: { readonly view: RemindersView }): ReactElement {
  const { t } = useTranslation();
  const last = view.reminders.at(-1);
  return (
    <div role="status">
      {last !== undefined && <Text>{lastOf(last)}</Text>}
      <Text>{whatNext(view)}</Text>
    </div>
  );

  function whatNext({ offSince, waitsSince, nextAt }: RemindersView): string {
    if (offSince !== null) return t('reminders.offSince', { date: formatMoment(offSince) });
    if (waitsSince !== null) return t('reminders.paused', { date: formatMoment(waitsSince) });
    return nextAt === null ? t('reminders.none') : t('reminders.next', { date: formatDate(nextAt) });
  }

  function lastOf({ state, at, sentAt, cause }: RemindersView['reminders'][number]): string {
    switch (state) {
      case 'waiting':
        return t('reminders.waiting');
      case 'sent':
        return t('reminders.sent', { date: formatMoment(sentAt ?? at) });
      case 'not-sent':
        return t('reminders.notSent', { date: formatMoment(at), cause: cause?.text ?? '' });
    }
  }
}
