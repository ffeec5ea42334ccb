import { Group, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { deliveries, figures, type Figures } from '../../api/admin-queries.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { formatDate } from '../../kit/format.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { useCaller } from '../../shell/caller.js';
import { useCause } from '../deliveries/causes.js';
import { useWords } from '../use-words.js';
import { LyingBars } from './LyingBars.js';
import { PictureOrTable } from './PictureOrTable.js';
import { QueueAge } from './QueueAge.js';
import { isByWeek, OUTCOMES, sayDuration, slotsOf } from './shape.js';
import { StackedBars } from './StackedBars.js';

const DAYS = [14, 30, 90, 365] as const;

/** A few pictures, where people would rather look than read. Counts alone, never by worker. */
export function FiguresPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { roles } = useCaller();
  const [days, setDays] = useState<number>(30);
  const found = useQuery(figures(days));
  return (
    <Stack gap="xl">
      <Group justify="space-between" align="flex-end">
        <PageTitle windowTitle={t('figures.title')}>{t('figures.title')}</PageTitle>
        <NativeSelect
          label={t('figures.days')}
          value={String(days)}
          onChange={({ currentTarget: { value } }) => setDays(Number(value))}
          data={DAYS.map((count) => ({ value: String(count), label: t('figures.daysOption', { count }) }))}
        />
      </Group>
      <Text c="dimmed" maw="46rem">
        {t('figures.lead')}
      </Text>
      {found.isPending && <Loading lines={3} />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.transfers.length === 0 && <EmptyState title={t('figures.none')} what={t('figures.noneWhat')} />}
      {found.data !== undefined && found.data.transfers.length > 0 && (
        <>
          <OverTime figures={found.data} />
          <Answers figures={found.data} />
          <Failed figures={found.data} />
        </>
      )}
      {roles.includes('operator') && <Queues />}
    </Stack>
  );
}

function OverTime({ figures: { transfers, days } }: { readonly figures: Figures }): ReactElement {
  const { t } = useTranslation('admin');
  const slots = slotsOf(transfers, days, new Date().toISOString().slice(0, 10));
  return (
    <PictureOrTable
      title={t('figures.overTime')}
      what={t('figures.overTimeWhat')}
      picture={<StackedBars slots={slots} label={t('figures.overTime')} />}
      table={
        <Table className="stacked">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t(isByWeek(days) ? 'figures.byWeek' : 'figures.byDay')}</Table.Th>
              {OUTCOMES.map((outcome) => (
                <Table.Th scope="col" key={outcome}>
                  {t(`figures.outcome.${outcome}`)}
                </Table.Th>
              ))}
              <Table.Th scope="col">{t('figures.total')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {slots
              .filter(({ total }) => total > 0)
              .map(({ from, counts, total }) => (
                <Table.Tr key={from}>
                  <Table.Th scope="row">{formatDate(from)}</Table.Th>
                  {OUTCOMES.map((outcome) => (
                    <Table.Td key={outcome} data-label={t(`figures.outcome.${outcome}`)}>
                      {counts[outcome]}
                    </Table.Td>
                  ))}
                  <Table.Td data-label={t('figures.total')}>{total}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      }
    />
  );
}

function Answers({ figures: { answers } }: { readonly figures: Figures }): ReactElement | null {
  const { t } = useTranslation('admin');
  const { say, nameOf } = useWords();
  if (answers.length === 0) return null;
  const said = (seconds: number | null): string =>
    seconds === null ? t('figures.noAnswer') : sayDuration(seconds, say);
  return (
    <PictureOrTable
      title={t('figures.answers')}
      what={t('figures.answersWhat')}
      picture={
        <LyingBars
          bars={answers.map(({ organizationId, medianSeconds }) => ({
            key: organizationId,
            name: nameOf(organizationId),
            value: medianSeconds,
            said: said(medianSeconds),
          }))}
        />
      }
      table={
        <Table className="stacked">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('figures.organization')}</Table.Th>
              <Table.Th scope="col">{t('figures.answered')}</Table.Th>
              <Table.Th scope="col">{t('figures.waiting')}</Table.Th>
              <Table.Th scope="col">{t('figures.median')}</Table.Th>
              <Table.Th scope="col">{t('figures.slow')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answers.map(({ organizationId, answered, waiting, medianSeconds, p90Seconds }) => (
              <Table.Tr key={organizationId}>
                <Table.Th scope="row">{nameOf(organizationId)}</Table.Th>
                <Table.Td data-label={t('figures.answered')}>{answered}</Table.Td>
                <Table.Td data-label={t('figures.waiting')}>{waiting}</Table.Td>
                <Table.Td data-label={t('figures.median')}>{said(medianSeconds)}</Table.Td>
                <Table.Td data-label={t('figures.slow')}>{said(p90Seconds)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      }
    />
  );
}

function Failed({ figures: { failed } }: { readonly figures: Figures }): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const cause = useCause();
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('figures.failed')}
      </Title>
      {failed.length === 0 ? (
        <Text c="dimmed">{t('figures.failedNone')}</Text>
      ) : (
        <Table className="stacked">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('figures.partner')}</Table.Th>
              <Table.Th scope="col">{t('figures.reason')}</Table.Th>
              <Table.Th scope="col">{t('figures.number')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {failed.map((one) => (
              <Table.Tr key={`${one.organizationId} ${one.partnerId} ${one.cause}`}>
                <Table.Th scope="row">{nameOf(one.organizationId)}</Table.Th>
                <Table.Td data-label={t('figures.reason')}>{cause(one.cause)}</Table.Td>
                <Table.Td data-label={t('figures.number')}>{one.count}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Queues(): ReactElement | null {
  const queues = useQuery(deliveries);
  if (queues.data === undefined) return null;
  return <QueueAge partners={queues.data.partners} nowMs={queues.dataUpdatedAt} />;
}
