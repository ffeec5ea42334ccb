import { Alert, Anchor, Group, List, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../router.js';
import { agreementAlerts, type AgreementAlert } from '../../api/admin-queries.js';
import { agreements } from '../../api/queries.js';
import type { Agreement } from '../../api/views.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { formatDate } from '../../kit/format.js';
import { LinkButton } from '../../kit/LinkButton.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { useCaller } from '../../shell/caller.js';
import { currentLang } from '../../texts/i18n.js';
import { useWords } from '../use-words.js';
import { StatusBadge } from './StatusBadge.js';

const GROUPS = ['live', 'negotiated', 'ended'] as const;
type Group = (typeof GROUPS)[number];

const isIn: Readonly<Record<Group, (agreement: Agreement) => boolean>> = {
  live: ({ status }) => status === 'active' || status === 'suspended',
  negotiated: ({ status, pending }) => status === 'draft' || status === 'proposed' || pending !== null,
  ended: ({ status }) => status === 'terminated' || status === 'expired',
};

/** What one's organization is party to, and what of it needs looking after. */
export function AgreementsPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { roles } = useCaller();
  const [chosen, setChosen] = useState<Group | null>(null);
  const isNarrow = useMediaQuery('(max-width: 40rem)') === true;
  const list = useQuery(agreements);
  const all = list.data ?? [];
  const count = (group: Group): number => all.filter(isIn[group]).length;
  // Where somebody can act comes first, when there is something.
  const group = chosen ?? (count('live') === 0 && count('negotiated') > 0 ? 'negotiated' : 'live');
  const shown = all.filter(isIn[group]);
  return (
    <Stack gap="lg">
      <PageTitle windowTitle={t('agreements.title')}>{t('agreements.title')}</PageTitle>
      <Text c="dimmed" maw="46rem">
        {t('agreements.lead')}
      </Text>
      {roles.includes('agreement-owner') && (
        <Group>
          <LinkButton to={paths.newAgreement} variant="default">
            {t('newAgreement.start')}
          </LinkButton>
        </Group>
      )}
      <Alerts />
      {list.isPending && <Loading />}
      {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && (
        <SegmentedControl
          orientation={isNarrow ? 'vertical' : 'horizontal'}
          value={group}
          onChange={(value) => setChosen(value)}
          aria-label={t('agreements.which')}
          data={GROUPS.map((value) => ({ value, label: t(`agreements.${value}`, { count: count(value) }) }))}
        />
      )}
      {list.data !== undefined && shown.length === 0 && (
        <EmptyState title={t('agreements.none')} what={t('agreements.noneWhat')} />
      )}
      {shown.length > 0 && (
        <ul className="quiet-list rows">
          {shown.map((agreement) => (
            <li key={agreement.id}>
              <Row agreement={agreement} />
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

function Row({ agreement }: { readonly agreement: Agreement }): ReactElement {
  const { t } = useTranslation('admin');
  const { list, nameOf } = useWords();
  const { pending } = agreement;
  return (
    <Link to={paths.agreement(agreement.id)} className="row">
      <span className="row-main">
        <Text component="span" fw={650}>
          {agreement.title[currentLang()]}
        </Text>
        <Text component="span" size="sm" c="dimmed">
          {t('agreements.parties', { parties: list(agreement.parties.map(nameOf)) })}
        </Text>
      </span>
      <span className="row-next">
        <StatusBadge status={agreement.status} />
        <Text component="span" size="sm" c="dimmed">
          {t('agreements.version', { version: agreement.version })}
        </Text>
        {pending !== null && (
          <Text component="span" size="sm">
            {t('agreements.pendingTitle', { version: pending.version })}
          </Text>
        )}
      </span>
    </Link>
  );
}

function Alerts(): ReactElement | null {
  const { t } = useTranslation('admin');
  const alerts = useQuery(agreementAlerts(currentLang()));
  if (alerts.isError) return <Failure error={alerts.error} onRetry={() => void alerts.refetch()} />;
  if (alerts.data === undefined || alerts.data.length === 0) return null;
  const pressing = alerts.data.some(({ level }) => level === 'over' || level === 'urgent');
  return (
    <Alert color={pressing ? 'red' : 'yellow'} variant="light" title={t('agreements.alerts')}>
      <List>
        {alerts.data.map((alert) => (
          <List.Item key={`${alert.agreementId} ${alert.kind}`}>
            <Anchor component={Link} to={paths.agreement(alert.agreementId)} c="inherit" underline="always">
              <AlertWords alert={alert} />
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function AlertWords({ alert: { kind, title, on, daysLeft } }: { readonly alert: AgreementAlert }): ReactElement {
  const { t } = useTranslation('admin');
  const values = { title, date: formatDate(on) };
  if (daysLeft < 0) return <>{t(`agreements.alert.${kind}_past`, values)}</>;
  if (daysLeft === 0) return <>{t(`agreements.alert.${kind}_today`, values)}</>;
  return <>{t(`agreements.alert.${kind}`, { ...values, count: daysLeft })}</>;
}
