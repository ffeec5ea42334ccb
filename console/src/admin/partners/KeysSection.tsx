import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { formatMoment } from '../../kit/format.js';
import { Confirm } from '../parts/Confirm.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import { useWords } from '../use-words.js';
import { KeysFields, keysIn, NO_KEYS, type KeysFault, type TypedKeys } from './KeysFields.js';
import { useErrors } from './use-errors.js';

/** How long the former keys still count. */
const HOURS = ['24', '1', '168', '720', '0'] as const;

interface Sections {
  readonly partner: Partner;
  readonly onChanged: (after: Partner, said: string) => Promise<void>;
}

/** By which keys the partner proves who it is, and their replacement: the end of the former ones is said before. */
export function KeysSection({ partner, onChanged }: Sections): ReactElement {
  const { t } = useTranslation('admin');
  const { list } = useWords();
  const [open, setOpen] = useState(false);
  const { keys, formerKeys } = partner;
  return (
    <Stack component="section" gap="sm" align={open ? 'stretch' : 'flex-start'}>
      <Title order={2} size="h3">
        {t('keys.title')}
      </Title>
      <Text maw="46rem">{t('keys.what')}</Text>
      {keys !== null && (
        <Text className="break">
          {keys.url === null
            ? t('keys.given', { count: keys.keyIds.length, list: list(keys.keyIds) })
            : t('keys.atUrl', { url: keys.url })}
        </Text>
      )}
      {formerKeys !== null && <Text>{t('keys.former', { date: formatMoment(formerKeys.endAt) })}</Text>}
      {keys !== null && !open && (
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('keys.replace')}
        </Button>
      )}
      {open && <Replacement partner={partner} onChanged={onChanged} onClose={() => setOpen(false)} />}
    </Stack>
  );
}

function Replacement({ partner, onChanged, onClose }: Sections & { readonly onClose: () => void }): ReactElement {
  const { t } = useTranslation('admin');
  const [typed, setTyped] = useState<TypedKeys>(NO_KEYS);
  const [hours, setHours] = useState<(typeof HOURS)[number]>('24');
  const [fault, setFault] = useState<KeysFault | null>(null);
  const [asked, setAsked] = useState<{ readonly keys: object; readonly endAt: string } | null>(null);
  const replace = useMutation({
    mutationFn: (body: object) => call<Partner>('POST', `/api/v1/partners/${partner.id}/keys`, { body }),
    onSuccess: async (after) => {
      const { formerKeys } = after;
      onClose();
      await onChanged(
        after,
        formerKeys === null ? t('keys.savedNow') : t('keys.saved', { date: formatMoment(formerKeys.endAt) }),
      );
    },
    onError: () => setAsked(null),
  });
  const errorAt = useErrors(replace.error, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = keysIn(typed);
    setFault('fault' in found ? found.fault : null);
    if ('fault' in found) return;
    const endAt = new Date(Date.now() + Number(hours) * 3_600_000).toISOString();
    replace.reset();
    setAsked({ keys: found.keys, endAt });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <KeysFields
          typed={typed}
          onChange={(change) => {
            setFault(null);
            setTyped((before) => ({ ...before, ...change }));
          }}
          fault={fault}
          wrong={errorAt('/jwks') ?? errorAt('/jwksUri') ?? errorAt('/keys')}
        />
        <NativeSelect
          label={t('keys.former_when')}
          description={t('keys.formerWhat')}
          maw="28rem"
          value={hours}
          onChange={({ currentTarget: { value } }) => setHours(value as typeof hours)}
          data={HOURS.map((value) => ({ value, label: t(`keys.hours.${value}`) }))}
        />
        {violationsOf(replace.error).length === 0 && <Problems error={replace.error} />}
        <Group>
          <Button variant="default" onClick={onClose} disabled={replace.isPending}>
            {t('cancel')}
          </Button>
          <Button type="submit">{t('keys.save')}</Button>
        </Group>
      </Stack>
      <Confirm
        opened={asked !== null}
        title={t('keys.ask', { name: partner.name })}
        what={
          hours === '0'
            ? t('keys.askNow')
            : t('keys.askEnd', { date: formatMoment(asked?.endAt ?? new Date().toISOString()) })
        }
        yes={t('keys.save')}
        no={t('cancel')}
        danger={hours === '0'}
        busy={replace.isPending}
        error={null}
        onYes={() => replace.mutate({ keys: asked?.keys, formerEndInHours: Number(hours) })}
        onClose={() => setAsked(null)}
      />
    </form>
  );
}
