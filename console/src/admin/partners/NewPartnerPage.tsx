import { Anchor, Button, Fieldset, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Link, useNavigate } from '../../router.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import { ContactFields } from './ContactFields.js';
import { keysIn, NO_KEYS, type KeysFault, type TypedKeys } from './KeysFields.js';
import { faultsOf, guestBodyOf, missingOf, NOTHING, systemBodyOf, WAYS, type TypedPartner } from './new-partner.js';
import { OrganizationFields } from './OrganizationFields.js';
import { SystemFields } from './SystemFields.js';
import { focusFirstWrong, useErrors } from './use-errors.js';

/**
 * A partner is registered. First whether it has software of its own; then whose it is, and how it calls and is reached, or,
 * where it has none, how it is told. What was typed stays when the first choice changes.
 */
export function NewPartnerPage(): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<TypedPartner>(NOTHING);
  const [keys, setKeys] = useState<TypedKeys>(NO_KEYS);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [faults, setFaults] = useState<ReturnType<typeof faultsOf>>([]);
  const [fault, setFault] = useState<KeysFault | null>(null);
  const save = useMutation({
    mutationFn: (body: object) => call<Partner>('POST', '/api/v1/partners', { body }),
    onSuccess: async ({ id }) => {
      await Promise.all(['partners', 'organizations'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      navigate(paths.partner(id), { replace: true });
    },
    onError: () => focusFirstWrong(form),
  });
  const errorAt = useErrors(save.error, missing, faults);
  const set = (change: Partial<TypedPartner>): void => setTyped((before) => ({ ...before, ...change }));
  const { way } = typed;
  const choose = (next: string): void => {
    save.reset();
    setMissing([]);
    setFaults([]);
    setFault(null);
    set({ way: WAYS.find((known) => known === next) ?? '' });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const lacks = missingOf(typed);
    const wrong = faultsOf(typed);
    const found = way === 'system' ? keysIn(keys) : null;
    const keysFault = found !== null && 'fault' in found ? found.fault : null;
    setMissing(lacks);
    setFaults(wrong);
    setFault(keysFault);
    if (lacks.length > 0 || wrong.length > 0 || keysFault !== null) focusFirstWrong(form);
    else save.mutate(found !== null && 'keys' in found ? systemBodyOf(typed, found.keys) : guestBodyOf(typed));
  };
  const isWrong = missing.length > 0 || faults.length > 0 || fault !== null || violationsOf(save.error).length > 0;
  return (
    <form onSubmit={submit} noValidate autoComplete="off" ref={form}>
      <Stack gap="lg" maw="52rem">
        <Anchor component={Link} to={paths.partners}>
          {t('partners.back')}
        </Anchor>
        <PageTitle windowTitle={t('newPartner.title')}>{t('newPartner.title')}</PageTitle>
        <Text c="dimmed">{t('newPartner.lead')}</Text>
        <Radio.Group label={t('newPartner.way')} required value={way === '' ? null : way} onChange={choose}>
          <Stack gap="sm" mt="xs">
            {WAYS.map((one) => (
              <Radio
                key={one}
                value={one}
                label={t(`newPartner.ways.${one}`)}
                description={t(`newPartner.waysWhat.${one}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {way !== '' && <OrganizationFields typed={typed} onChange={set} errorAt={errorAt} />}
        {way === 'guest' && (
          <Fieldset legend={t('contact.title')}>
            <ContactFields
              typed={typed.contact}
              onChange={(change) => set({ contact: { ...typed.contact, ...change } })}
              errorAt={(path) => errorAt(`/guest${path}`)}
            />
          </Fieldset>
        )}
        {way === 'system' && (
          <SystemFields
            typed={typed}
            onChange={set}
            errorAt={errorAt}
            keys={keys}
            onKeys={(change) => {
              setFault(null);
              setKeys((before) => ({ ...before, ...change }));
            }}
            fault={fault}
          />
        )}
        <div aria-live="polite">{isWrong && <Text>{t('newPartner.fix')}</Text>}</div>
        {violationsOf(save.error).length === 0 && <Problems error={save.error} />}
        {way !== '' && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t('newPartner.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
