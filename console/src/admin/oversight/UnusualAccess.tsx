import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { unusualAccess } from '../../api/admin-queries.js';
import { formatMoment } from '../../kit/format.js';
import { Waiting } from './Waiting.js';

/** Who asked for more files or searches than the limit: for the data-protection officer, and nobody who leads. */
export function UnusualAccess(): ReactElement {
  const { t } = useTranslation('admin');
  const found = useQuery(unusualAccess);
  const whenOf = (from: string, to: string): string =>
    from === to ? t('oversight.unusual.once', { at: from }) : t('oversight.unusual.when', { from, to });
  return (
    <Waiting
      query={found}
      title={(count) => t('oversight.unusual.title', { count })}
      none={t('oversight.unusual.none')}
      what={t('oversight.unusual.what')}
      keyOf={({ id, kind, beganAt }) => `${id}/${kind}/${beganAt}`}
    >
      {({ kind, by, id, name, most, refused, beganAt, lastAt }) => (
        <div className="row-main">
          <Text fw={650} dir="auto">
            {name ?? t(`oversight.unusual.${by}`)}
          </Text>
          <Text size="sm">{t(`oversight.unusual.${kind}`, { most, count: refused })}</Text>
          <Text size="sm" c="dimmed">
            {whenOf(formatMoment(beganAt), formatMoment(lastAt))}
          </Text>
          <Text size="sm" c="dimmed">
            {t('oversight.unusual.inLog', { id })}
          </Text>
        </div>
      )}
    </Waiting>
  );
}
