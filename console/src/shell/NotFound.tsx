import { Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../kit/LinkButton.js';

export function NotFound(): ReactElement {
  const { t } = useTranslation();
  return (
    <Stack align="flex-start">
      <Title order={1}>{t('shell.notFound')}</Title>
      <Text>{t('shell.notFoundWhat')}</Text>
      <LinkButton to="/">{t('shell.home')}</LinkButton>
    </Stack>
  );
}
