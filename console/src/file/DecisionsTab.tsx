import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../router.js';
import { consentsOf, organizations, transfersOf } from '../api/queries.js';
import type { TransferView } from '../api/views.js';
import { EmptyState } from '../kit/EmptyState.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';
import { purposeName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { StatusBadge } from '../kit/StatusBadge.js';
import { paths } from '../paths.js';
import { ConsentCard } from './ConsentCard.js';
import { DeclinedShares } from './DeclinedShares.js';
import { PersonLink } from './PersonLink.js';

const ContestForm = lazy(async () => ({ default: (await import('./ContestForm.js')).ContestForm }));

/** What was passed on and what came back; what the person decided; what the person says against it. */
export function DecisionsTab({
  personId,
  caseId,
}: {
  readonly personId: string;
  readonly caseId: string;
}): ReactElement {
  const { t } = useTranslation();
  const [contesting, setContesting] = useState(false);
  const transfers = useQuery(transfersOf(personId));
  const consents = useQuery(consentsOf(personId));
  const names = useQuery(organizations);
  const nameOf = (id: string): string => names.data?.find((one) => one.id === id)?.name ?? '…';
  return (
    <Stack gap="xl">
      <Stack gap="sm" component="section">
        <h2 className="section">{t('file.transfers')}</h2>
        {transfers.isPending && <Loading lines={3} />}
        {transfers.isError && <Failure error={transfers.error} onRetry={() => void transfers.refetch()} />}
        {transfers.data?.length === 0 && (
          <EmptyState title={t('file.noTransfers')} what={t('file.noTransfersWhat')}>
            <LinkButton to={paths.send(caseId)}>{t('file.send')}</LinkButton>
          </EmptyState>
        )}
        {transfers.data !== undefined && transfers.data.length > 0 && (
          <ul className="quiet-list rows">
            {transfers.data.map((one) => (
              <li key={one.id}>
                <TransferRow transfer={one} nameOf={nameOf} />
              </li>
            ))}
          </ul>
        )}
      </Stack>
      <Stack gap="sm" component="section">
        <h2 className="section">{t('file.consents')}</h2>
        {consents.isPending && <Loading lines={3} />}
        {consents.isError && <Failure error={consents.error} onRetry={() => void consents.refetch()} />}
        {consents.data?.length === 0 && <Text c="dimmed">{t('file.noConsents')}</Text>}
        {consents.data?.map((decision) => (
          <ConsentCard key={decision.shown.id} decision={decision} nameOf={nameOf} personId={personId} />
        ))}
      </Stack>
      <DeclinedShares personId={personId} nameOf={nameOf} />
      <Stack gap="sm" component="section">
        <h2 className="section">{t('link.title')}</h2>
        <PersonLink personId={personId} />
      </Stack>
      <Stack gap="sm" component="section">
        <h2 className="section">{t('file.contest.title')}</h2>
        {contesting ? (
          <Suspense fallback={<Loading lines={3} />}>
            <ContestForm personId={personId} transfers={transfers.data ?? []} nameOf={nameOf} />
          </Suspense>
        ) : (
          <Stack gap="xs" align="flex-start">
            <Text c="dimmed">{t('file.contest.what')}</Text>
            <Button variant="default" onClick={() => setContesting(true)}>
              {t('file.contest.open')}
            </Button>
          </Stack>
        )}
      </Stack>
    </Stack>
  );
}

function TransferRow({
  transfer,
  nameOf,
}: {
  readonly transfer: TransferView;
  readonly nameOf: (id: string) => string;
}): ReactElement {
  const { t } = useTranslation();
  const sent = transfer.viewedAs === 'sender';
  const last = transfer.timeline.at(-1);
  const said = [...transfer.timeline].reverse().find(({ message }) => message !== undefined)?.message;
  return (
    <Link to={paths.transfer(transfer.id)} className="row">
      <span className="row-main">
        <Text component="span" fw={650}>
          {t(sent ? 'worklist.to' : 'worklist.from', {
            organization: nameOf(sent ? transfer.recipientOrganizationId : transfer.senderOrganizationId),
          })}
        </Text>
        <Text component="span" size="sm" c="dimmed">
          {purposeName(transfer.purpose)} · {transfer.reference}
        </Text>
        {said !== undefined && (
          <Text component="span" size="sm" dir="auto" fs="italic" lineClamp={2}>
            {said}
          </Text>
        )}
      </span>
      <span className="row-next">
        <StatusBadge status={transfer.status} referralStatus={transfer.referralStatus} />
        {last !== undefined && (
          <Text component="span" size="sm" c="dimmed">
            {formatMoment(last.at)}
          </Text>
        )}
      </span>
    </Link>
  );
}
