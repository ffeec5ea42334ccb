import { Badge } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agreement } from '../../api/views.js';

const COLORS = {
  draft: 'gray',
  proposed: 'blue',
  active: 'relais',
  suspended: 'red',
  terminated: 'gray',
  expired: 'orange',
} as const;

/** Where an agreement stands; the word says it, the colour only helps. */
export function StatusBadge({ status }: { readonly status: Agreement['status'] }): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Badge color={COLORS[status]} variant="outline" className="plain-badge">
      {t(`agreements.status.${status}`)}
    </Badge>
  );
}
