import { Card, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { declinedSharesOf } from '../api/queries.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';
import { purposeName } from '../kit/label-name.js';

/** What somebody here declined to share, and why; not who. Not there while there is none. */
export function DeclinedShares({
  personId,
  nameOf,
}: {
  readonly personId: string;
  readonly nameOf: (id: string) => string;
}): ReactElement | null {
  const { t } = useTranslation();
  const declined = useQuery(declinedSharesOf(personId));
  if (declined.isError) return <Failure error={declined.error} onRetry={() => void declined.refetch()} />;
  if (declined.data === undefined || declined.data.length === 0) return null;
  return (
    <Stack gap="sm" component="section">
      <h2 className="section">{t('file.declined')}</h2>
      {declined.data.map(({ id, recipientOrganizationId, purpose, reason, words, recordedAt }) => (
        <Card key={id} withBorder padding="md" component="article">
          <Stack gap={4}>
            <Text fw={650}>{t('file.declinedTo', { organization: nameOf(recipientOrganizationId) })}</Text>
            <Text size="sm" c="dimmed">
              {purposeName(purpose)} · {formatMoment(recordedAt)}
            </Text>
            <Text>{t(`decline.reason.${reason}`)}</Text>
            {words !== null && (
              <Text dir="auto" className="said">
                {words}
              </Text>
            )}
            <Text size="sm" c="dimmed">
              {t(reason === 'would-endanger' ? 'file.declinedHidden' : 'file.declinedShown')}
            </Text>
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}
