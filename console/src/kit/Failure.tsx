import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.js';

/** What went wrong, in a sentence that says what one can do; with reasons where the gateway gives them. */
export function Failure({
  error,
  title,
  onRetry,
}: {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const known = isProblem(error);
  const said = known && error.message !== '' ? error.message : t('error.unknown');
  return (
    <Alert color="red" variant="light" role="alert" title={title ?? t('error.title')}>
      <Stack gap="xs" align="flex-start">
        <Text>{said}</Text>
        {known && error.reasons.length > 0 && (
          <List>
            {error.reasons.map(({ code, text }) => (
              <List.Item key={code}>{text}</List.Item>
            ))}
          </List>
        )}
        {known && error.requestId !== null && (
          <Text size="sm">
            {t('error.reference')} <Code>{error.requestId}</Code>
          </Text>
        )}
        {onRetry !== undefined && (
          <Button variant="default" size="compact-md" onClick={onRetry}>
            {t('error.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
