import { Badge, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../router.js';
import { organizations, worklist } from '../api/queries.js';
import type { WorklistItem } from '../api/views.js';
import { EmptyState } from '../kit/EmptyState.js';
import { Failure } from '../kit/Failure.js';
import { formatDate, formatSince } from '../kit/format.js';
import { purposeName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { VirtualRows } from '../kit/VirtualRows.js';
import { paths } from '../paths.js';
import { nameOf } from './name-of.js';
import { nextOf } from './next-text.js';

const GROUPS = ['needs-action', 'waiting', 'answered'] as const;
type GroupName = (typeof GROUPS)[number];
const ROW_PX = 84;

/** What needs me first; then what waits on others; then what was answered. */
export function WorklistPage(): ReactElement {
  const { t } = useTranslation();
  const [group, setGroup] = useState<GroupName>('needs-action');
  const list = useQuery(worklist);
  const names = useQuery(organizations);
  const count = (of: GroupName): number => list.data?.filter((item) => item.group === of).length ?? 0;
  const shown = list.data?.filter((item) => item.group === group) ?? [];
  const organizationName = (id: string): string => names.data?.find((one) => one.id === id)?.name ?? '…';
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle windowTitle={t('worklist.title')}>{t('worklist.title')}</PageTitle>
        <LinkButton to={paths.find} size="md">
          {t('worklist.findPerson')}
        </LinkButton>
      </Group>
      <SegmentedControl
        fullWidth
        value={group}
        onChange={(value) => setGroup(value)}
        aria-label={t('worklist.which')}
        data={GROUPS.map((value) => ({ value, label: t(`worklist.group.${value}`, { count: count(value) }) }))}
      />
      {list.isPending && <Loading lines={5} />}
      {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && shown.length === 0 && (
        <EmptyState title={t(`worklist.empty.${group}`)} what={t(`worklist.emptyWhat.${group}`)}>
          {group === 'needs-action' && <LinkButton to={paths.find}>{t('worklist.findPerson')}</LinkButton>}
        </EmptyState>
      )}
      {shown.length > 0 && (
        <VirtualRows
          key={group}
          items={shown}
          rowPx={ROW_PX}
          label={t(`worklist.group.${group}`, { count: shown.length })}
          keyOf={({ transferId }) => transferId}
        >
          {(item) => <Row item={item} organization={organizationName(item.organizationId)} />}
        </VirtualRows>
      )}
    </Stack>
  );
}

function Row({ item, organization }: { readonly item: WorklistItem; readonly organization: string }): ReactElement {
  const { t } = useTranslation();
  const { person } = item;
  return (
    <Link to={paths.transfer(item.transferId)} className="row">
      <span className="row-main">
        <Text component="span" fw={650}>
          {person === null ? t('worklist.nameWithheld') : nameOf(person)}
        </Text>
        {person?.birthDate != null && (
          <Text component="span" size="sm" c="dimmed">
            {t('worklist.born', { date: formatDate(person.birthDate) })}
          </Text>
        )}
        <Text component="span" size="sm" c="dimmed">
          {t(item.viewedAs === 'sender' ? 'worklist.to' : 'worklist.from', { organization })}
          {' · '}
          {purposeName(item.purpose)}
        </Text>
      </span>
      <span className="row-next">
        {item.late && (
          <Badge color="red" variant="light">
            {t('worklist.late')}
          </Badge>
        )}
        <Text component="span" size="sm">
          {nextOf(t, item)}
        </Text>
        <Text component="span" size="sm" c="dimmed">
          {item.reference} · {formatSince(item.changedAt)}
        </Text>
      </span>
    </Link>
  );
}
