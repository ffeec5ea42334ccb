import { Badge } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeadLetter } from '../../api/admin-queries.js';

const COLOR: Readonly<Partial<Record<DeadLetter['status'], string>>> = {
  failed: 'red',
  delivered: 'green',
  stopped: 'orange',
  'needs-review': 'orange',
};

/** Where it stands: still failed, or what became of it since it was sent again. */
export function DeadLetterState({ status }: { readonly status: DeadLetter['status'] }): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Badge color={COLOR[status] ?? 'blue'} variant="outline" className="plain-badge">
      {t(`deadLetters.state.${status}`)}
    </Badge>
  );
}
