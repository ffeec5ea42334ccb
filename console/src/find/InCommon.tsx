import { Badge, Group } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate } from '../api/views.js';

/** In what a file agrees with whom one looks for. */
export function InCommon({ agrees }: Pick<Candidate, 'agrees'>): ReactElement {
  const { t } = useTranslation();
  return (
    <Group gap={6}>
      {agrees.map((what) => (
        <Badge key={what} variant="light" color="gray">
          {t(`find.agrees.${what}`)}
        </Badge>
      ))}
    </Group>
  );
}
