import { SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The same figures to look at or to read; a screen reader finds the table whichever is shown. */
export function PictureOrTable({
  title,
  what,
  picture,
  table,
}: {
  readonly title: string;
  readonly what: string;
  readonly picture: ReactNode;
  readonly table: ReactNode;
}): ReactElement {
  const { t } = useTranslation('admin');
  const [shown, setShown] = useState<'picture' | 'table'>('picture');
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text size="sm" c="dimmed" maw="46rem">
        {what}
      </Text>
      <SegmentedControl
        className="own-width"
        size="xs"
        value={shown}
        onChange={(value) => setShown(value)}
        aria-label={title}
        data={[
          { value: 'picture', label: t('figures.picture') },
          { value: 'table', label: t('figures.table') },
        ]}
      />
      {shown === 'picture' ? picture : table}
    </Stack>
  );
}
