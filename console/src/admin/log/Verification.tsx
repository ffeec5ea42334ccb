import { Alert, Button, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { checkpoint, type Verification as Found } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { saveText } from '../../api/download.js';
import { Failure } from '../../kit/Failure.js';
import { formatMoment } from '../../kit/format.js';
import { currentLang } from '../../texts/i18n.js';
import { useSeconds } from '../parts/use-seconds.js';

/** Anybody may ask at any time whether the log is whole, and keep what proves it later. */
export function Verification(): ReactElement {
  const { t } = useTranslation('admin');
  const newest = useQuery(checkpoint);
  const verify = useMutation({
    mutationFn: async () => ({
      ...(await call<Found>('GET', '/api/v1/audit/verification')),
      at: new Date().toISOString(),
    }),
    onSuccess: () => void newest.refetch(),
  });
  const seconds = useSeconds(verify.isPending);
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h3">
        {t('verify.title')}
      </Title>
      <Text maw="46rem">{t('verify.what')}</Text>
      <Group>
        <Button onClick={() => verify.mutate()} loading={verify.isPending}>
          {t('verify.now')}
        </Button>
      </Group>
      {verify.isPending && (
        <div>
          <Progress value={100} animated aria-label={t('verify.title')} />
          <Text size="sm" mt={4}>
            {t('verify.running', { seconds })}
          </Text>
        </div>
      )}
      {verify.isError && <Failure error={verify.error} onRetry={() => verify.mutate()} />}
      <div aria-live="assertive">{verify.data !== undefined && <Result found={verify.data} />}</div>
      {newest.isError && <Failure error={newest.error} onRetry={() => void newest.refetch()} />}
      {newest.data !== undefined && <Checkpoint note={newest.data.checkpoint} keys={newest.data.keys} />}
    </Stack>
  );
}

function Result({ found }: { readonly found: Found & { readonly at: string } }): ReactElement {
  const { t } = useTranslation('admin');
  const numbers = new Intl.NumberFormat(currentLang());
  return (
    <Alert
      color={found.verified ? 'green' : 'red'}
      variant="light"
      icon={<span aria-hidden="true">{found.verified ? '✓' : '✗'}</span>}
      title={t(found.verified ? 'verify.good' : 'verify.bad')}
    >
      <Text>
        {found.verified
          ? t('verify.goodWhat', { count: found.entries, entries: numbers.format(found.entries) })
          : t('verify.badWhat', { entry: numbers.format(found.firstBadEntry ?? 0) })}
      </Text>
      {found.unsequenced > 0 && <Text size="sm">{t('verify.unsequenced', { count: found.unsequenced })}</Text>}
      <Text size="sm">{t('verify.at', { time: formatMoment(found.at) })}</Text>
    </Alert>
  );
}

function Checkpoint({ note, keys }: { readonly note: string | null; readonly keys: readonly string[] }): ReactElement {
  const { t } = useTranslation('admin');
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(note ?? '');
    setCopied(true);
  };
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('verify.checkpoint')}
      </Title>
      {note === null ? (
        <Text c="dimmed">{t('verify.checkpointNone')}</Text>
      ) : (
        <>
          <Text size="sm" maw="46rem">
            {t('verify.checkpointWhat')}
          </Text>
          <pre className="code" tabIndex={0} role="region" aria-label={t('verify.checkpoint')}>
            {note}
          </pre>
          <Group>
            <Button variant="default" size="compact-md" onClick={() => void copy()}>
              {t('verify.copy')}
            </Button>
            <Button
              variant="default"
              size="compact-md"
              onClick={() => saveText(`relais-checkpoint-${note.split('\n')[1]}.txt`, 'text/plain', note)}
            >
              {t('verify.download')}
            </Button>
            <span role="status">{copied ? t('copied') : ''}</span>
          </Group>
          <details className="small">
            <summary>{t('verify.keys')}</summary>
            <pre className="code" tabIndex={0} role="region" aria-label={t('verify.keys')}>
              {keys.join('\n')}
            </pre>
          </details>
        </>
      )}
    </Stack>
  );
}
