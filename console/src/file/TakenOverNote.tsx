import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { organizations } from '../api/queries.js';
import type { TakenOver } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { paths } from '../paths.js';
import { Link } from '../router.js';

/** Where the file comes from, and what the agreement that it came under asks of it. */
export function TakenOverNote({ taken }: { readonly taken: TakenOver }): ReactElement {
  const { t } = useTranslation();
  const names = useQuery(organizations);
  const organization = names.data?.find(({ id }) => id === taken.from)?.name ?? t('takeOver.unnamed');
  return (
    <Alert
      color="gray"
      variant="light"
      title={t('takeOver.from', { organization, date: formatDate(taken.receivedAt) })}
    >
      <Text size="sm">{t(`takeOver.onward.${taken.onward.kind}`)}</Text>
      {taken.keepUntil !== null && (
        <Text size="sm">{t(`takeOver.keep.${taken.keepThen ?? 'delete'}`, { date: formatDate(taken.keepUntil) })}</Text>
      )}
      {taken.leftOut > 0 && <Text size="sm">{t('takeOver.leftOut', { count: taken.leftOut })}</Text>}
      <Anchor component={Link} to={paths.transfer(taken.transferId)}>
        {t('takeOver.transfer', { reference: taken.reference })}
      </Anchor>
    </Alert>
  );
}
