import { Table, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { PartnerDeliveries } from '../../api/admin-queries.js';
import { useWords } from '../use-words.js';
import { LyingBars } from './LyingBars.js';
import { PictureOrTable } from './PictureOrTable.js';
import { queueAges, sayDuration } from './shape.js';

/** How long the oldest delivery to each partner has been waiting. */
export function QueueAge({
  partners,
  nowMs,
}: {
  readonly partners: readonly PartnerDeliveries[];
  readonly nowMs: number;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { say } = useWords();
  const ages = queueAges(partners, nowMs);
  if (ages.length === 0) {
    return (
      <section>
        <Title order={2} size="h3" mb="xs">
          {t('figures.queueAge')}
        </Title>
        <Text c="dimmed">{t('figures.queueEmpty')}</Text>
      </section>
    );
  }
  return (
    <PictureOrTable
      title={t('figures.queueAge')}
      what={t('figures.queueAgeWhat')}
      picture={
        <LyingBars
          bars={ages.map(({ partner, seconds }) => ({
            key: partner.partnerId,
            name: partner.name,
            value: seconds,
            said: sayDuration(seconds, say),
          }))}
        />
      }
      table={
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('figures.partner')}</Table.Th>
              <Table.Th scope="col">{t('figures.age')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ages.map(({ partner, seconds }) => (
              <Table.Tr key={partner.partnerId}>
                <Table.Th scope="row">{partner.name}</Table.Th>
                <Table.Td>{sayDuration(seconds, say)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      }
    />
  );
}
