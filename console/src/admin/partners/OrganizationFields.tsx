import { Checkbox, Fieldset, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { organizations } from '../../api/queries.js';
import { NEW, PLACES, SECRECIES, SECTORS, type PartnerFields } from './new-partner.js';

/** Whose partner it is: an organization that is known, or a new one. */
export function OrganizationFields({ typed, onChange, errorAt }: PartnerFields): ReactElement {
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
      error={errorAt(PLACES[name])}
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
          error={errorAt(PLACES.organizationId)}
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
              error={errorAt(PLACES.sector)}
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
              error={errorAt(PLACES.secrecy)}
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
