import { Button, Checkbox, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems } from '../parts/Problems.js';

/** Cuts a partner off, and lets it in again. Asked twice: what happens is said, and has to be wanted. */
export function Suspension({
  partner,
  onChanged,
}: {
  readonly partner: Partner;
  readonly onChanged: (after: Partner, said: string) => Promise<void>;
}): ReactElement {
  const { t } = useTranslation('admin');
  const [asked, setAsked] = useState<'suspend' | 'resume' | null>(null);
  // The words stay while the dialog closes.
  const [shown, setShown] = useState<'suspend' | 'resume'>('suspend');
  const [sure, setSure] = useState(false);
  const turn = useMutation({
    mutationFn: (act: 'suspend' | 'resume') => call<Partner>('POST', `/api/v1/partners/${partner.id}/${act}`),
    onSuccess: async (after) => {
      setAsked(null);
      await onChanged(after, t(`${of}.${after.status === 'suspended' ? 'suspended' : 'resumed'}`));
    },
  });
  const { name, status } = partner;
  const of = partner.guest ? 'suspension.ofGuest' : 'suspension';
  const act = status === 'suspended' ? 'resume' : 'suspend';
  const ask = (): void => {
    turn.reset();
    setSure(false);
    setShown(act);
    setAsked(act);
  };
  return (
    <Stack component="section" gap="sm" align="flex-start">
      <Title order={2} size="h3">
        {t(act === 'suspend' ? 'suspension.title' : 'suspension.resume')}
      </Title>
      <Text maw="46rem">{t(`${of}.${act === 'suspend' ? 'what' : 'askResumeWhat'}`)}</Text>
      <Button
        variant={act === 'suspend' ? 'outline' : 'filled'}
        {...(act === 'suspend' && { className: 'danger' })}
        onClick={ask}
      >
        {t(`suspension.${act}`)}
      </Button>
      <Confirm
        opened={asked !== null}
        title={t(shown === 'suspend' ? 'suspension.askSuspend' : 'suspension.askResume', { name })}
        what={t(`${of}.${shown === 'suspend' ? 'askSuspendWhat' : 'askResumeWhat'}`)}
        yes={t(`suspension.${shown}`)}
        no={t('step.keep')}
        danger={shown === 'suspend'}
        busy={turn.isPending}
        disabled={shown === 'suspend' && !sure}
        error={<Problems error={turn.error} />}
        onYes={() => turn.mutate(shown)}
        onClose={() => setAsked(null)}
      >
        {shown === 'suspend' && (
          <Checkbox
            label={t('suspension.sure')}
            checked={sure}
            onChange={({ currentTarget: { checked } }) => setSure(checked)}
          />
        )}
      </Confirm>
    </Stack>
  );
}
