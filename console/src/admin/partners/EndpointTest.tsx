import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { EndpointTest as Test, Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { formatMoment } from '../../kit/format.js';
import { currentLang } from '../../texts/i18n.js';
import { Problems } from '../parts/Problems.js';
import { StepMark } from './StepMark.js';

/** Tries the way of a delivery, or of a notice to a guest; its steps come one by one, each with its result, its time and what to do. */
export function EndpointTest({
  partner,
  onChanged,
}: {
  readonly partner: Partner;
  readonly onChanged: (after: Partner) => Promise<void>;
}): ReactElement {
  const { t } = useTranslation('admin');
  const begin = useMutation({
    mutationFn: () => call<Partner>('POST', `/api/v1/partners/${partner.id}/tests`),
    onSuccess: onChanged,
  });
  const { lastTest, endpoint, contact } = partner;
  const of = contact === null ? 'test' : 'notice';
  const canRun = endpoint !== null || contact !== null;
  const running = lastTest?.state === 'running';
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t(`${of}.title`)}
      </Title>
      <Text maw="46rem">{canRun ? t(`${of}.what`, { email: contact?.email ?? '' }) : t('test.needs')}</Text>
      {canRun && (
        <Group>
          <Button variant="default" onClick={() => begin.mutate()} loading={begin.isPending} disabled={running}>
            {t(lastTest === null ? `${of}.run` : `${of}.again`)}
          </Button>
          {running && (
            <Group gap="xs">
              <Loader size="xs" />
              <Text size="sm">{t(`${of}.running`)}</Text>
            </Group>
          )}
        </Group>
      )}
      <Problems error={begin.error} />
      {lastTest !== null && <Steps test={lastTest} of={of} />}
    </Stack>
  );
}

const LOOK = { passed: 'good', noted: 'noted', failed: 'bad' } as const;

function Steps({ test, of }: { readonly test: Test; readonly of: 'test' | 'notice' }): ReactElement {
  const { t } = useTranslation('admin');
  const { state, steps, startedAt, current } = test;
  const date = formatMoment(startedAt);
  const ms = new Intl.NumberFormat(currentLang());
  return (
    <Stack gap="xs">
      {state !== 'running' && (
        <Text fw={650}>
          {t(`${of}.${state}`, { date })} {!current && t('test.outdated')}
        </Text>
      )}
      {steps.length > 0 && (
        <ol className="quiet-list rows" aria-live="polite">
          {steps.map(({ step, result, text, ms: took }) => (
            <li key={step} className="row">
              <div className="row-main">
                <Text>{t(`test.step.${step}`)}</Text>
                {text !== null && (
                  <Text size="sm" maw="40rem">
                    {text}
                  </Text>
                )}
              </div>
              <div className="row-next">
                <StepMark look={LOOK[result]}>{t(`test.result.${result}`)}</StepMark>
                <Text size="sm" c="dimmed">
                  {t('test.ms', { ms: ms.format(took) })}
                </Text>
              </div>
            </li>
          ))}
        </ol>
      )}
      <div role="status">
        {(state === 'passed' || state === 'failed') && <Text>{t(`${of}.verdict.${state}`)}</Text>}
      </div>
    </Stack>
  );
}
