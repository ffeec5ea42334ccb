import { Anchor, Button, Checkbox, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { organizations } from '../../api/queries.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Link, useNavigate } from '../../router.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import { EndpointFields } from './EndpointFields.js';
import { KeysFields, keysIn, NO_KEYS, type KeysFault, type TypedKeys } from './KeysFields.js';
import { bodyOf, missingOf, NEW, NOTHING, RIGHTS, SECRECIES, SECTORS, type TypedPartner } from './new-partner.js';
import { useErrors } from './use-errors.js';

/** A partner is registered: whose system it is, how it calls, by which keys, and where it is reached. */
export function NewPartnerPage(): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<TypedPartner>(NOTHING);
  const [keys, setKeys] = useState<TypedKeys>(NO_KEYS);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [fault, setFault] = useState<KeysFault | null>(null);
  const save = useMutation({
    mutationFn: (body: object) => call<Partner>('POST', '/api/v1/partners', { body }),
    onSuccess: async ({ id }) => {
      await Promise.all(['partners', 'organizations'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      navigate(paths.partner(id), { replace: true });
    },
    onError: () => toFirstWrong(),
  });
  const errorAt = useErrors(save.error, missing);
  const set = (change: Partial<TypedPartner>): void => setTyped((before) => ({ ...before, ...change }));
  // Once the marks are there: the first of them takes the focus.
  const toFirstWrong = (): void =>
    void requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const lacks = missingOf(typed);
    const found = keysIn(keys);
    setMissing(lacks);
    setFault('fault' in found ? found.fault : null);
    if (lacks.length === 0 && 'keys' in found) save.mutate(bodyOf(typed, found.keys));
    else toFirstWrong();
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" ref={form}>
      <Stack gap="lg" maw="52rem">
        <Anchor component={Link} to={paths.partners}>
          {t('partners.back')}
        </Anchor>
        <PageTitle windowTitle={t('newPartner.title')}>{t('newPartner.title')}</PageTitle>
        <Text c="dimmed">{t('newPartner.lead')}</Text>
        <OrganizationFields typed={typed} onChange={set} errorAt={errorAt} />
        <SystemFields typed={typed} onChange={set} errorAt={errorAt} />
        <Fieldset legend={t('newPartner.keys')}>
          <Text size="sm" mb="sm">
            {t('keys.what')}
          </Text>
          <KeysFields
            typed={keys}
            onChange={(change) => {
              setFault(null);
              setKeys((before) => ({ ...before, ...change }));
            }}
            fault={fault}
            wrong={errorAt('/jwks') ?? errorAt('/jwksUri')}
          />
        </Fieldset>
        <Fieldset legend={t('newPartner.endpoint')}>
          <Stack>
            <Checkbox
              label={t('newPartner.later')}
              checked={typed.later}
              onChange={({ currentTarget: { checked } }) => set({ later: checked })}
            />
            {!typed.later && (
              <EndpointFields
                typed={typed.endpoint}
                onChange={(change) => set({ endpoint: { ...typed.endpoint, ...change } })}
                errorAt={(path) => errorAt(`/endpoint${path}`)}
              />
            )}
          </Stack>
        </Fieldset>
        <div aria-live="polite">
          {(missing.length > 0 || fault !== null || violationsOf(save.error).length > 0) && (
            <Text>{t('newPartner.fix')}</Text>
          )}
        </div>
        {violationsOf(save.error).length === 0 && <Problems error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('newPartner.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Fields {
  readonly typed: TypedPartner;
  readonly onChange: (change: Partial<TypedPartner>) => void;
  readonly errorAt: (path: string) => string | undefined;
}

function OrganizationFields({ typed, onChange, errorAt }: Fields): ReactElement {
  const { t } = useTranslation('admin');
  const { data: known = [] } = useQuery(organizations);
  const text = (
    name: 'organizationName' | 'functionFr' | 'functionEn',
    label: string,
    more: object = {},
  ): ReactElement => (
    <TextInput
      label={label}
      required
      {...more}
      value={typed[name]}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
      error={errorAt(`/${name}`)}
    />
  );
  return (
    <Fieldset legend={t('newPartner.organization')}>
      <Stack>
        <NativeSelect
          label={t('newPartner.which')}
          required
          value={typed.organizationId}
          onChange={({ currentTarget: { value } }) => onChange({ organizationId: value })}
          error={errorAt('/organizationId')}
          data={[
            { value: '', label: t('newPartner.choose') },
            { value: NEW, label: t('newPartner.new') },
            ...known.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        {typed.organizationId === NEW && (
          <>
            {text('organizationName', t('newPartner.name'))}
            <NativeSelect
              label={t('newPartner.sector')}
              required
              value={typed.sector}
              onChange={({ currentTarget: { value } }) => onChange({ sector: value })}
              error={errorAt('/sector')}
              data={[
                { value: '', label: t('newPartner.choose') },
                ...SECTORS.map((value) => ({ value, label: t(`newPartner.sectors.${value}`) })),
              ]}
            />
            {text('functionFr', t('newPartner.functionFr'), { lang: 'fr', description: t('newPartner.functionWhat') })}
            {text('functionEn', t('newPartner.functionEn'), { lang: 'en' })}
            <NativeSelect
              label={t('newPartner.secrecy')}
              required
              value={typed.secrecy}
              onChange={({ currentTarget: { value } }) => onChange({ secrecy: value })}
              error={errorAt('/secrecy')}
              data={[
                { value: '', label: t('newPartner.choose') },
                ...SECRECIES.map((value) => ({ value, label: t(`newPartner.secrecies.${value}`) })),
              ]}
            />
            <Checkbox
              label={t('newPartner.confidential')}
              checked={typed.confidentialByNature}
              onChange={({ currentTarget: { checked } }) => onChange({ confidentialByNature: checked })}
            />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

function SystemFields({ typed, onChange, errorAt }: Fields): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <Fieldset legend={t('newPartner.system')}>
      <Stack>
        <TextInput
          label={t('newPartner.systemName')}
          required
          value={typed.name}
          onChange={({ currentTarget: { value } }) => onChange({ name: value })}
          error={errorAt('/name')}
        />
        <TextInput
          label={t('newPartner.clientId')}
          description={t('newPartner.clientIdWhat')}
          required
          spellCheck={false}
          value={typed.clientId}
          onChange={({ currentTarget: { value } }) => onChange({ clientId: value })}
          error={errorAt('/clientId')}
        />
        <Checkbox.Group
          label={t('newPartner.rights')}
          value={[...typed.scopes]}
          onChange={(scopes) => onChange({ scopes })}
          error={errorAt('/scopes')}
        >
          <Stack gap="xs" mt="xs">
            {RIGHTS.map((right) => (
              <Checkbox key={right} value={right} label={t(`newPartner.right.${right}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Stack>
    </Fieldset>
  );
}
