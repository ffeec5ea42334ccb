import { Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { OnboardingStep } from '../../../../src/transfer/onboarding.js';
import type { AdminKey } from '../say.js';
import { useWords } from '../use-words.js';
import { StepMark } from './StepMark.js';

const LOOK = {
  done: 'good',
  none: 'quiet',
  missing: 'open',
  'under-way': 'open',
  outdated: 'open',
  failed: 'bad',
} as const;

/** What is done and what is missing, in the order in which it is done. */
export function Onboarding({ steps }: { readonly steps: readonly OnboardingStep[] }): ReactElement {
  const { t } = useTranslation('admin');
  const { say } = useWords();
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('onboarding.title')}
      </Title>
      <ol className="quiet-list rows">
        {steps.map(({ step, state }) => (
          <li key={step} className="row">
            <div className="row-main">
              <Text fw={650}>{t(`onboarding.name.${step}`)}</Text>
              <Text size="sm" c="dimmed">
                {/* Not every step knows every state; the table of the gateway says which (transfer/onboarding). */}
                {say(`onboarding.what.${step}.${state}` as AdminKey)}
              </Text>
            </div>
            <StepMark look={LOOK[state]}>{t(`onboarding.state.${state}`)}</StepMark>
          </li>
        ))}
      </ol>
    </Stack>
  );
}
