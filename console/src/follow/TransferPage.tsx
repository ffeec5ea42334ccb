import { Alert, Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from '../router.js';
import { organizations, transfer as transferQuery } from '../api/queries.js';
import { serverNowMs } from '../api/server-time.js';
import type { TransferView } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';
import { labelName, purposeName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { StatusBadge } from '../kit/StatusBadge.js';
import { paths } from '../paths.js';
import { GuestCode } from './GuestCode.js';
import { ContentPanel } from './ContentPanel.js';
import { SenderActions } from './SenderActions.js';
import { Timeline } from './Timeline.js';

/** For what waits for an answer. */
const Reminders = lazy(async () => ({ default: (await import('./Reminders.js')).Reminders }));
/** For who received it. */
const AnswerPanel = lazy(async () => ({ default: (await import('./AnswerPanel.js')).AnswerPanel }));

const TakeOverPanel = lazy(async () => ({ default: (await import('./TakeOverPanel.js')).TakeOverPanel }));
/** Who accepted may take the case over (src/transfer/take-over.ts). */
const TAKEN: readonly string[] = ['accepted', 'in-progress', 'completed'];
/** For whoever sent it, when something is asked. */
const QuestionPanel = lazy(async () => ({ default: (await import('./QuestionPanel.js')).QuestionPanel }));

/** One transfer from both ends: what to do now first, then how it went, then what was sent. */
export function TransferPage(): ReactElement {
  const { t } = useTranslation();
  const { transferId = '' } = useParams();
  const query = useQuery({
    ...transferQuery(transferId),
    // Until it has left, every second counts; then the events say when to look again.
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1_500 : false),
  });
  const names = useQuery(organizations);
  const nameOf = (id: string): string => names.data?.find((one) => one.id === id)?.name ?? '…';
  if (query.isError && query.data === undefined) {
    return (
      <Stack>
        <PageTitle windowTitle={t('follow.windowTitle')}>{t('follow.windowTitle')}</PageTitle>
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      </Stack>
    );
  }
  if (query.data === undefined) return <Loading lines={5} />;
  const one = query.data;
  const other = nameOf(one.viewedAs === 'sender' ? one.recipientOrganizationId : one.senderOrganizationId);
  return (
    <Stack gap="lg">
      <Head transfer={one} other={other} />
      {one.viewedAs === 'sender' ? (
        <>
          <SenderActions transfer={one} other={other} />
          {one.status === 'delivered' && one.recipientIsGuest && one.contentPurgedAt === null && (
            <GuestCode transferId={one.id} askedAt={one.codeAskedAt} />
          )}
          {one.referralStatus === 'on-hold' && (
            <Suspense fallback={<Loading lines={3} />}>
              <QuestionPanel transfer={one} />
            </Suspense>
          )}
          {(isUnanswered(one) || one.referralStatus === 'on-hold') && (
            <Suspense fallback={<Loading lines={2} />}>
              <Reminders transfer={one} />
            </Suspense>
          )}
        </>
      ) : (
        <Suspense fallback={<Loading lines={3} />}>
          <AnswerPanel transfer={one} />
          {TAKEN.includes(one.referralStatus ?? '') && <TakeOverPanel transfer={one} />}
        </Suspense>
      )}
      <div className="side-by-side">
        <Stack gap="sm" component="section">
          <h2 className="section">{t('follow.timeline')}</h2>
          <Linked transfers={one.follows === null ? [] : [one.follows]} as="follows" />
          <Timeline transfer={one} nameOf={nameOf} />
          <Linked transfers={one.followedBy} as="followedBy" />
        </Stack>
        <Stack gap="sm" component="section">
          <h2 className="section">{t('follow.facts')}</h2>
          <Facts transfer={one} />
        </Stack>
      </div>
      {(one.viewedAs === 'recipient' || one.digest !== null) && one.status !== 'refused' && (
        <ContentPanel transferId={one.id} mayOpen={one.viewedAs === 'recipient'} />
      )}
    </Stack>
  );
}

/** What came before it or after it in the same matter. */
function Linked({
  transfers,
  as,
}: {
  readonly transfers: TransferView['followedBy'];
  readonly as: 'follows' | 'followedBy';
}): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {transfers.map(({ id, reference }) => (
        <Anchor key={id} component={Link} to={paths.transfer(id)}>
          {t(`thread.${as}`, { reference })}
        </Anchor>
      ))}
    </>
  );
}

function isMoving(transfer: TransferView | undefined): boolean {
  return transfer !== undefined && ['held', 'queued', 'sending'].includes(transfer.status);
}

function isUnanswered({ status, referralStatus }: TransferView): boolean {
  return status === 'delivered' && (referralStatus === 'requested' || referralStatus === 'received');
}

/** For the recipient: that its answer is late, or that it was reminded of it. */
function AwaitedHere({
  transfer,
  late,
}: {
  readonly transfer: TransferView;
  readonly late: boolean;
}): ReactElement | null {
  const { t } = useTranslation();
  const { timeline, referralStatus } = transfer;
  // What was said after a reminder has made it old.
  const last = timeline.findLast(({ status }) => ['reminder:sent', 'message', 'referral:on-hold'].includes(status));
  const reminded = last?.status === 'reminder:sent' ? last : undefined;
  const isOpen = isUnanswered(transfer) || referralStatus === 'on-hold';
  if (!isOpen || (!late && reminded === undefined)) return null;
  const title =
    reminded === undefined
      ? t('follow.lateHere', { date: formatMoment(transfer.answerExpectedBy ?? '') })
      : t('follow.remindedHere', { date: formatMoment(reminded.at) });
  return (
    <Alert color="orange" variant="light" title={title}>
      {t('follow.remindedHereWhat')}
    </Alert>
  );
}

function Head({ transfer, other }: { readonly transfer: TransferView; readonly other: string }): ReactElement {
  const { t } = useTranslation();
  const sent = transfer.viewedAs === 'sender';
  const late =
    transfer.answerExpectedBy !== null &&
    isUnanswered(transfer) &&
    Date.parse(transfer.answerExpectedBy) < serverNowMs();
  return (
    <Stack gap="xs">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <PageTitle windowTitle={t('follow.windowTitle')}>
            {t(sent ? 'follow.to' : 'follow.from', { reference: transfer.reference, organization: other })}
          </PageTitle>
          <Group gap="sm">
            <StatusBadge status={transfer.status} referralStatus={transfer.referralStatus} />
            <Text c="dimmed">{purposeName(transfer.purpose)}</Text>
            {transfer.viewedAs === 'sender' && (
              <Anchor component={Link} to={paths.case(transfer.caseId)}>
                {t('follow.file')}
              </Anchor>
            )}
          </Group>
        </Stack>
        {sent && ['queued', 'sending', 'delivered'].includes(transfer.status) && (
          <LinkButton to={paths.receipt(transfer.id)} variant="default">
            {t('follow.receipt')}
          </LinkButton>
        )}
      </Group>
      {late && sent && (
        <Alert color="orange" variant="light" title={t('follow.late')}>
          {t('follow.lateWhat', { organization: other })}
        </Alert>
      )}
      {!sent && <AwaitedHere transfer={transfer} late={late} />}
    </Stack>
  );
}

function Facts({ transfer }: { readonly transfer: TransferView }): ReactElement {
  const { t } = useTranslation();
  const rows: readonly (readonly [string, string | null])[] = [
    [t('follow.fact.categories'), transfer.categories.map((label) => labelName(label)).join(', ') || null],
    [t('follow.fact.answerBy'), transfer.answerExpectedBy && formatMoment(transfer.answerExpectedBy)],
    [t('follow.fact.delivered'), transfer.deliveredAt && formatMoment(transfer.deliveredAt)],
    ...(transfer.viewedAs === 'sender'
      ? ([
          [t('follow.fact.why'), transfer.reasons.map(({ text }) => text).join(' ') || null],
          [t('follow.fact.withheld'), t('preview.lines', { count: transfer.withheldElements })],
          [t('follow.fact.purge'), transfer.purgeAt && formatMoment(transfer.purgeAt)],
        ] as const)
      : []),
  ];
  return (
    <Paper withBorder p="md">
      <dl className="fields">
        {rows
          .filter(([, value]) => value !== null)
          .map(([label, value]) => (
            <div key={label} className="field">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Paper>
  );
}
