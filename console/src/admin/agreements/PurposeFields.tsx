import { Button, Checkbox, Fieldset, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { SECRECY_GROUND_KINDS } from '../../../../src/domain/decision/ground.js';
import { PURPOSES, type PurposeOfUse } from '../../../../src/domain/decision/purpose.js';
import { CATEGORIES } from '../../../../src/domain/labels/labels.js';
import { useWords } from '../use-words.js';
import type { TypedPurpose } from './new-agreement.js';

/** GDPR article 6(1), the most usual first. */
const BASES = [
  'public-task',
  'legal-obligation',
  'consent',
  'contract',
  'vital-interests',
  'legitimate-interests',
] as const;

/** What is shared for one purpose: from whom to whom, which data, on which grounds, read by whom. */
export function PurposeFields({
  typed,
  index,
  parties,
  errorAt,
  onChange,
  onRemove,
}: {
  readonly typed: TypedPurpose;
  readonly index: number;
  readonly parties: readonly string[];
  /** What is wrong with a member, by its place within the purpose. */
  readonly errorAt: (place: string) => string | undefined;
  readonly onChange: (change: Partial<TypedPurpose>) => void;
  /** Null: an agreement has at least one. */
  readonly onRemove: (() => void) | null;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const choose = { value: '', label: t('newPartner.choose') };
  const partiesOf = (field: 'senders' | 'recipients'): ReactElement => (
    <Checkbox.Group
      label={t(`newAgreement.${field}`)}
      required
      value={[...typed[field]]}
      onChange={(chosen) => onChange({ [field]: chosen })}
      error={errorAt(`/${field}`)}
    >
      <Stack gap="xs" mt="xs">
        {parties.map((id) => (
          <Checkbox key={id} value={id} label={nameOf(id)} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
  return (
    <Fieldset legend={t('newAgreement.purposeN', { n: index + 1 })}>
      <Stack>
        <NativeSelect
          label={t('newAgreement.purpose')}
          required
          value={typed.purpose}
          onChange={({ currentTarget: { value } }) => onChange({ purpose: value })}
          error={errorAt('/purpose')}
          data={[
            choose,
            ...(Object.keys(PURPOSES) as PurposeOfUse[]).map((value) => ({ value, label: t(`purpose.${value}`) })),
          ]}
        />
        {partiesOf('senders')}
        {partiesOf('recipients')}
        <Checkbox.Group
          label={t('newAgreement.categories')}
          description={t('newAgreement.categoriesWhat')}
          required
          value={[...typed.categories]}
          onChange={(categories) => onChange({ categories })}
          error={errorAt('/categories')}
        >
          <Group mt="xs" gap="sm">
            {CATEGORIES.map((category) => (
              <Checkbox key={category} value={category} label={t(`label.${category}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <NativeSelect
          label={t('newAgreement.basis')}
          description={t('newAgreement.basisWhat')}
          required
          value={typed.basis}
          onChange={({ currentTarget: { value } }) => onChange({ basis: value })}
          error={errorAt('/dataProtectionBasis')}
          data={[choose, ...BASES.map((value) => ({ value, label: t(`basis.${value}`) }))]}
        />
        <Checkbox.Group
          label={t('newAgreement.grounds')}
          description={t('newAgreement.groundsWhat')}
          required
          value={[...typed.grounds]}
          onChange={(grounds) => onChange({ grounds })}
          error={errorAt('/secrecyGrounds')}
        >
          <Stack gap="xs" mt="xs">
            {SECRECY_GROUND_KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`secrecy.${kind}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        {(['Fr', 'En'] as const).map((lang) => (
          <TextInput
            key={lang}
            lang={lang.toLowerCase()}
            label={t(`newAgreement.readers${lang}`)}
            description={lang === 'Fr' ? t('newAgreement.readersWhat') : undefined}
            required
            value={typed[`readers${lang}`]}
            onChange={({ currentTarget: { value } }) => onChange({ [`readers${lang}`]: value })}
            error={errorAt(`/recipientFunctions/${lang.toLowerCase()}`)}
          />
        ))}
        {onRemove !== null && (
          <Group>
            <Button variant="default" onClick={onRemove}>
              {t('newAgreement.remove', { n: index + 1 })}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}
