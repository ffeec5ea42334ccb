import { Checkbox, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CATEGORIES } from '../../../../src/domain/labels/labels.js';
import { BOUNDS, OPINIONS, type TypedAgreement } from './new-agreement.js';

type Change = (change: Partial<TypedAgreement>) => void;
interface Fields {
  readonly typed: TypedAgreement;
  readonly onChange: Change;
  readonly errorAt: (place: string) => string | undefined;
}
type Texts = 'validFrom' | 'validUntil' | 'reviewOn' | 'dpiaReference' | 'dpiaReason' | keyof typeof BOUNDS;

function Field({
  name,
  place = `/${name}`,
  type = 'text',
  required = false,
  typed,
  onChange,
  errorAt,
}: Fields & {
  readonly name: Texts;
  readonly place?: string;
  readonly type?: 'text' | 'date';
  readonly required?: boolean;
}): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <TextInput
      type={type}
      label={t(`newAgreement.${name}`)}
      {...(name in BOUNDS && { inputMode: 'numeric' as const, maw: '24rem' })}
      required={required || name in BOUNDS}
      value={typed[name]}
      onChange={({ currentTarget: { value } }) => onChange({ [name]: value })}
      error={errorAt(place)}
    />
  );
}

/** From when, until when, and for how long what was received is kept. */
export function TimeFields(fields: Fields): ReactElement {
  const { t } = useTranslation('admin');
  const { typed, onChange } = fields;
  return (
    <Fieldset legend={t('newAgreement.times')}>
      <Stack>
        <Group align="flex-start">
          <Field {...fields} name="validFrom" type="date" required />
          <Field {...fields} name="validUntil" type="date" />
          <Field {...fields} name="reviewOn" type="date" required />
        </Group>
        <Field {...fields} name="purgeAfterDays" />
        <Field {...fields} name="retentionDays" />
        <NativeSelect
          label={t('draft.then')}
          maw="24rem"
          value={typed.retentionThen}
          onChange={({ currentTarget: { value } }) => onChange({ retentionThen: value as 'return' | 'delete' })}
          data={[
            { value: 'delete', label: t('sentence.retentionDelete') },
            { value: 'return', label: t('sentence.retentionReturn') },
          ]}
        />
        <Checkbox
          label={t('draft.certificate')}
          checked={typed.certificate}
          onChange={({ currentTarget: { checked } }) => onChange({ certificate: checked })}
        />
      </Stack>
    </Fieldset>
  );
}

/** Passing on, emergencies, the impact assessment, audits and breaches. */
export function ClauseFields(fields: Fields): ReactElement {
  const { t } = useTranslation('admin');
  const { typed, onChange, errorAt } = fields;
  const needsReason = typed.opinion === 'not-required' || typed.opinion === 'unfavourable';
  return (
    <Fieldset legend={t('newAgreement.clauses')}>
      <Stack>
        <NativeSelect
          label={t('newAgreement.onward')}
          value={typed.onward}
          onChange={({ currentTarget: { value } }) => onChange({ onward: value as TypedAgreement['onward'] })}
          data={[
            { value: 'forbidden', label: t('newAgreement.onwardForbidden') },
            { value: 'consented', label: t('newAgreement.onwardConsented') },
          ]}
        />
        <Checkbox
          label={t('newAgreement.emergency')}
          description={t('newAgreement.emergencyWhat')}
          checked={typed.emergency}
          onChange={({ currentTarget: { checked } }) => onChange({ emergency: checked })}
        />
        {typed.emergency && (
          <>
            <Checkbox.Group
              label={t('newAgreement.emergencyCategories')}
              required
              value={[...typed.emergencyCategories]}
              onChange={(emergencyCategories) => onChange({ emergencyCategories })}
              error={errorAt('/emergency/categories')}
            >
              <Group mt="xs" gap="sm">
                {CATEGORIES.map((category) => (
                  <Checkbox key={category} value={category} label={t(`label.${category}`)} />
                ))}
              </Group>
            </Checkbox.Group>
            <Field {...fields} name="emergencyHours" />
            <Field {...fields} name="emergencyReviewDays" />
          </>
        )}
        <NativeSelect
          label={t('newAgreement.dpia')}
          required
          value={typed.opinion}
          onChange={({ currentTarget: { value } }) => onChange({ opinion: value })}
          error={errorAt('/dpia/opinion')}
          data={[
            { value: '', label: t('newPartner.choose') },
            ...OPINIONS.map((value) => ({ value, label: t(`opinion.${value}`) })),
          ]}
        />
        {typed.opinion !== '' && typed.opinion !== 'not-required' && (
          <Field {...fields} name="dpiaReference" place="/dpia/reference" required />
        )}
        {needsReason && <Field {...fields} name="dpiaReason" place="/dpia/reason" required />}
        <Field {...fields} name="auditNoticeDays" />
        <Field {...fields} name="breachHours" />
        <Text size="sm" c="dimmed">
          {t('newAgreement.rest')}
        </Text>
      </Stack>
    </Fieldset>
  );
}
