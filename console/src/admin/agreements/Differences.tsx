import { Badge, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { agreementDiff, agreementVersion } from '../../api/admin-queries.js';
import { Failure } from '../../kit/Failure.js';
import { Loading } from '../../kit/Loading.js';
import { currentLang } from '../../texts/i18n.js';
import { useWords } from '../use-words.js';
import { diffGroups } from './diff-lines.js';

const COLORS = { wider: 'orange', narrower: 'blue', other: 'gray' } as const;

/** What differs between two versions, before and after side by side; on a narrow screen one under the other. */
export function Differences({
  id,
  from,
  to,
}: {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}): ReactElement {
  const { t } = useTranslation('admin');
  const words = useWords();
  const diff = useQuery(agreementDiff(id, from, to, currentLang()));
  const before = useQuery(agreementVersion(id, from));
  const after = useQuery(agreementVersion(id, to));
  const failed = [diff, before, after].find(({ isError }) => isError);
  if (failed !== undefined) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  if (diff.data === undefined || before.data === undefined || after.data === undefined) return <Loading lines={3} />;
  if (diff.data.changes.length === 0) return <Text>{t('diff.none')}</Text>;
  return (
    <Stack gap="md">
      <Text fw={650}>{t(diff.data.wider ? 'diff.wider' : 'diff.notWider')}</Text>
      {diffGroups(diff.data.changes, before.data, after.data, words).map(({ place, lines }) => (
        <Table key={place} className="stacked" verticalSpacing="xs">
          <Table.Caption className="caption-first">{place}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('diff.element')}</Table.Th>
              <Table.Th scope="col">{t('diff.before')}</Table.Th>
              <Table.Th scope="col">{t('diff.after')}</Table.Th>
              <Table.Th scope="col">{t('diff.effectTitle')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map(({ key, element, before: was, after: is, effect }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row">{element}</Table.Th>
                <Table.Td data-label={t('diff.before')}>
                  {was === null ? <Absent>{t('diff.absent')}</Absent> : <del className="was">{was}</del>}
                </Table.Td>
                <Table.Td data-label={t('diff.after')}>
                  {is === null ? <Absent>{t('diff.gone')}</Absent> : <ins className="is">{is}</ins>}
                </Table.Td>
                <Table.Td data-label={t('diff.effectTitle')}>
                  <Badge color={COLORS[effect]} variant="outline" className="plain-badge">
                    {t(`diff.effect.${effect}`)}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ))}
    </Stack>
  );
}

function Absent({ children }: { readonly children: string }): ReactElement {
  return (
    <Text component="span" c="dimmed" fs="italic">
      {children}
    </Text>
  );
}
