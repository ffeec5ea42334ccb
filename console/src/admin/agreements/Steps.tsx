import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/call.js';
import { isProblem } from '../../api/problem.js';
import type { Agreement } from '../../api/views.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';
import type { AgreementText } from './sentences.js';
import type { Step } from './steps-for.js';

const ENDS: ReadonlySet<Step> = new Set(['suspend', 'terminate', 'leave', 'discard', 'withdraw']);
/** Gives something, and is as such offered first. */
const GIVES: ReadonlySet<Step> = new Set(['propose', 'countersign', 'resume']);

/** The steps that can be taken on one text. Each says what will happen before it does. */
export function Steps({
  agreement,
  steps,
  onDone,
}: {
  readonly agreement: AgreementText;
  readonly steps: readonly Step[];
  readonly onDone: (said: string) => void;
}): ReactElement | null {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const [asked, setAsked] = useState<Step | null>(null);
  // The words stay while the dialog closes.
  const [shown, setShown] = useState<Step>('propose');
  const take = useMutation({
    mutationFn: (step: Step) =>
      call<Agreement>('POST', `/api/v1/agreements/${agreement.id}/steps`, {
        body: { step, version: agreement.version },
      }),
    onSuccess: async (_after, step) => {
      setAsked(null);
      await refresh();
      onDone(t(`step.done.${step}`));
    },
    onError: (error) => {
      if (isProblem(error, 'agreement.version')) void refresh();
    },
  });
  const refresh = async (): Promise<void> => {
    await Promise.all(
      ['agreement', 'agreements', 'agreement-alerts'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    );
  };
  const open = (step: Step): void => {
    take.reset();
    setShown(step);
    setAsked(step);
  };
  if (steps.length === 0) return null;
  const isStale = isProblem(take.error, 'agreement.version');
  return (
    <>
      <Group>
        {steps.map((step) => (
          <Button
            key={step}
            variant={GIVES.has(step) ? 'filled' : step === 'suspend' ? 'outline' : 'default'}
            {...(step === 'suspend' && { className: 'danger' })}
            onClick={() => open(step)}
          >
            {t(`step.name.${step}`)}
          </Button>
        ))}
      </Group>
      <Confirm
        opened={asked !== null}
        title={t(`step.ask.${shown}`, { version: agreement.version })}
        what={t(`step.what.${shown}`)}
        yes={t(`step.name.${shown}`)}
        no={t(isStale ? 'close' : 'step.keep')}
        danger={ENDS.has(shown)}
        busy={take.isPending}
        disabled={isStale}
        error={<Problems error={take.error} />}
        onYes={() => take.mutate(shown)}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
