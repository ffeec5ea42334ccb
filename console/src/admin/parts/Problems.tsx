import { Alert, List, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../../api/problem.js';
import { Failure } from '../../kit/Failure.js';

interface Violation {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** What the gateway found wrong, point by point; empty when it said nothing of the kind. */
export function violationsOf(error: unknown): readonly Violation[] {
  if (!isProblem(error)) return [];
  const found = error.details['violations'];
  return Array.isArray(found) ? (found as Violation[]) : [];
}

/** A failure with each point that the gateway names. Somebody was quicker: said in words of its own. */
export function Problems({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}): ReactElement | null {
  const { t } = useTranslation('admin');
  if (error === null) return null;
  if (isProblem(error, 'agreement.version')) {
    return (
      <Alert color="yellow" variant="light" role="alert" title={t('stale.title')}>
        {t('stale.what')}
      </Alert>
    );
  }
  const violations = violationsOf(error);
  return (
    <Stack gap="xs">
      <Failure error={error} {...(onRetry !== undefined && { onRetry })} />
      {violations.length > 0 && (
        <List>
          {violations.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>{message}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
