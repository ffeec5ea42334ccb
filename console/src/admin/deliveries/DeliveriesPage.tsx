import { Anchor, Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { deliveries, type Deliveries, type PartnerDeliveries } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { formatMoment, formatSince } from '../../kit/format.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { QueueAge } from '../figures/QueueAge.js';
import { paths } from '../../paths.js';
import { Link } from '../../router.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';
import { Said } from '../parts/Said.js';
import { useWords } from '../use-words.js';
import { DeadLetters } from './DeadLetters.js';
import { Replay } from './Replay.js';

interface Turn {
  readonly on: boolean;
  /** Null: everything. */
  readonly partner: PartnerDeliveries | null;
}

/** Where deliveries stand, with the switches. The operator sees counts and states, and no content. */
export function DeliveriesPage(): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const status = useQuery(deliveries);
  const [said, setSaid] = useState({ text: '', at: 0 });
  const [asked, setAsked] = useState<Turn | null>(null);
  const [shown, setShown] = useState<Turn>({ on: false, partner: null });
  const turn = useMutation({
    mutationFn: ({ on, partner }: Turn) =>
      call<{ onTheWire: number } | null>('POST', `/api/v1/deliveries/${on ? 'start' : 'stop'}`, {
        body: partner === null ? {} : { partnerId: partner.partnerId },
      }),
    onSuccess: async (answer, { on }) => {
      setAsked(null);
      await client.invalidateQueries({ queryKey: ['deliveries'] });
      say(on ? t('deliveries.started') : t('deliveries.stopped', { count: answer?.onTheWire ?? 0 }));
    },
  });
  const say = (text: string): void => setSaid(({ at }) => ({ text, at: at + 1 }));
  const ask = (one: Turn): void => {
    turn.reset();
    setShown(one);
    setAsked(one);
  };
  const name = shown.partner?.name ?? '';
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageTitle windowTitle={t('deliveries.title')}>{t('deliveries.title')}</PageTitle>
        <Text c="dimmed" maw="46rem">
          {t('deliveries.lead')}
        </Text>
      </Stack>
      <Said at={said.at}>{said.at === 0 ? null : said.text}</Said>
      {status.isPending && <Loading />}
      {status.isError && <Failure error={status.error} onRetry={() => void status.refetch()} />}
      {status.data !== undefined && (
        <>
          <Everything status={status.data} onAsk={ask} />
          <Stack component="section" gap="sm">
            <Title order={2} size="h3">
              {t('deliveries.partners')}
            </Title>
            {status.data.partners.length === 0 ? (
              <EmptyState title={t('deliveries.none')} what={t('deliveries.noneWhat')} />
            ) : (
              <ul className="quiet-list rows">
                {status.data.partners.map((partner) => (
                  <li key={partner.partnerId} className="row">
                    <Partner partner={partner} onAsk={ask} />
                  </li>
                ))}
              </ul>
            )}
          </Stack>
          <QueueAge partners={status.data.partners} nowMs={status.dataUpdatedAt} />
          <DeadLetters onDone={say} />
          <Replay partners={status.data.partners} onDone={say} />
        </>
      )}
      <Confirm
        opened={asked !== null}
        title={
          shown.partner === null
            ? t(shown.on ? 'deliveries.askStartAll' : 'deliveries.askStopAll')
            : t(shown.on ? 'deliveries.askStart' : 'deliveries.askStop', { name })
        }
        what={t(
          shown.partner === null
            ? shown.on
              ? 'deliveries.startAllWhat'
              : 'deliveries.stopAllWhat'
            : shown.on
              ? 'deliveries.startWhat'
              : 'deliveries.stopWhat',
        )}
        yes={t(shown.on ? 'deliveries.start' : shown.partner === null ? 'deliveries.stopAll' : 'deliveries.stop')}
        no={t('step.keep')}
        danger={!shown.on}
        busy={turn.isPending}
        error={<Problems error={turn.error} />}
        onYes={() => turn.mutate(shown)}
        onClose={() => setAsked(null)}
      />
    </Stack>
  );
}

function Everything({
  status: { stoppedAt },
  onAsk,
}: {
  readonly status: Deliveries;
  readonly onAsk: (turn: Turn) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Paper className="panel" p="md" component="section" aria-label={t('deliveries.all')}>
      <Group justify="space-between">
        <Text fw={650}>
          {stoppedAt === null
            ? t('deliveries.allRunning')
            : t('deliveries.allStopped', { date: formatMoment(stoppedAt) })}
        </Text>
        {stoppedAt === null ? (
          <Button variant="outline" className="danger" onClick={() => onAsk({ on: false, partner: null })}>
            {t('deliveries.stopAll')}
          </Button>
        ) : (
          <Button onClick={() => onAsk({ on: true, partner: null })}>{t('deliveries.startAll')}</Button>
        )}
      </Group>
    </Paper>
  );
}

function Partner({
  partner,
  onAsk,
}: {
  readonly partner: PartnerDeliveries;
  readonly onAsk: (turn: Turn) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const organization = nameOf(partner.organizationId);
  const { name, suspended, waiting, inFlight, oldestDueAt, failures, limits, stoppedAt } = partner;
  return (
    <>
      <div className="row-main">
        <Text fw={650}>{name.includes(organization) ? name : t('deliveries.of', { name, organization })}</Text>
        <Text size="sm">
          {t('deliveries.waiting', { count: waiting, inFlight })}{' '}
          {oldestDueAt !== null && waiting > 0 && t('deliveries.oldest', { since: formatSince(oldestDueAt) })}
        </Text>
        {failures > 0 && <Text size="sm">{t('deliveries.failures', { count: failures })}</Text>}
        <Text size="sm" c="dimmed">
          {t('deliveries.limits', {
            inFlight: limits.maxInFlight,
            rate: limits.ratePerSecond,
            failures: limits.breakerFailures,
          })}
        </Text>
      </div>
      <div className="row-next">
        <State partner={partner} />
        {suspended ? (
          <Anchor component={Link} to={paths.partner(partner.partnerId)}>
            {t('deliveries.toPartner')}
          </Anchor>
        ) : stoppedAt === null ? (
          <Button
            size="compact-md"
            variant="default"
            aria-label={t('deliveries.stopOf', { name })}
            onClick={() => onAsk({ on: false, partner })}
          >
            {t('deliveries.stop')}
          </Button>
        ) : (
          <Button
            size="compact-md"
            aria-label={t('deliveries.startOf', { name })}
            onClick={() => onAsk({ on: true, partner })}
          >
            {t('deliveries.start')}
          </Button>
        )}
      </div>
    </>
  );
}

function State({ partner }: { readonly partner: PartnerDeliveries }): ReactElement {
  const { t } = useTranslation('admin');
  const { suspended, stoppedAt, pausedUntil, breaker } = partner;
  const [color, words] = suspended
    ? (['red', t('partners.suspended')] as const)
    : stoppedAt !== null
      ? (['red', t('deliveries.state.stopped', { date: formatMoment(stoppedAt) })] as const)
      : pausedUntil !== null
        ? (['yellow', t('deliveries.state.paused', { date: formatMoment(pausedUntil) })] as const)
        : breaker === 'closed'
          ? (['green', t('deliveries.state.running')] as const)
          : (['orange', t(`deliveries.state.${breaker}`)] as const);
  return (
    <Badge color={color} variant="outline" className="plain-badge">
      {words}
    </Badge>
  );
}
