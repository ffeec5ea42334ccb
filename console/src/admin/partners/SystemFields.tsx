import { Checkbox, Fieldset, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { EndpointFields } from './EndpointFields.js';
import { KeysFields, type KeysFault, type TypedKeys } from './KeysFields.js';
import { PLACES, RIGHTS, type PartnerFields } from './new-partner.js';

/** A partner's software: how it calls and what it may do, by which keys, and where it is reached. */
export function SystemFields({
  typed,
  onChange,
  errorAt,
  keys,
  onKeys,
  fault,
}: PartnerFields & {
  readonly keys: TypedKeys;
  readonly onKeys: (change: Partial<TypedKeys>) => void;
  readonly fault: KeysFault | null;
}): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <>
      <Fieldset legend={t('newPartner.system')}>
        <Stack>
          <TextInput
            label={t('newPartner.systemName')}
            required
            value={typed.name}
            onChange={({ currentTarget: { value } }) => onChange({ name: value })}
            error={errorAt(PLACES.name)}
          />
          <TextInput
            label={t('newPartner.clientId')}
            description={t('newPartner.clientIdWhat')}
            required
            spellCheck={false}
            value={typed.clientId}
            onChange={({ currentTarget: { value } }) => onChange({ clientId: value })}
            error={errorAt(PLACES.clientId)}
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
      <Fieldset legend={t('newPartner.keys')}>
        <Text size="sm" mb="sm">
          {t('keys.what')}
        </Text>
        <KeysFields typed={keys} onChange={onKeys} fault={fault} wrong={errorAt('/jwks') ?? errorAt('/jwksUri')} />
      </Fieldset>
      <Fieldset legend={t('newPartner.endpoint')}>
        <Stack>
          <Checkbox
            label={t('newPartner.later')}
            checked={typed.later}
            onChange={({ currentTarget: { checked } }) => onChange({ later: checked })}
          />
          {!typed.later && (
            <EndpointFields
              typed={typed.endpoint}
              onChange={(change) => onChange({ endpoint: { ...typed.endpoint, ...change } })}
              errorAt={(path) => errorAt(`/endpoint${path}`)}
            />
          )}
        </Stack>
      </Fieldset>
    </>
  );
}
