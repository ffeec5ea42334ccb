import { Checkbox, FileInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { TypedEvidence } from './evidence.js';
import { readAttachment } from './read-attachment.js';
import { Signature } from './Signature.js';

const KINDS = ['verbal', 'electronic', 'photo', 'written'] as const;

export function EvidenceFields({
  value,
  onChange,
  isMissing,
}: {
  readonly value: TypedEvidence;
  readonly onChange: (evidence: TypedEvidence) => void;
  readonly isMissing: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const [refused, setRefused] = useState<'too-large' | 'not-readable' | null>(null);
  const change = (part: Partial<TypedEvidence>): void => onChange({ ...value, ...part });
  const takeFile = async (file: File | null): Promise<void> => {
    setRefused(null);
    if (file === null) return change({ attachment: null });
    const read = await readAttachment(file);
    if (typeof read === 'string') {
      setRefused(read);
      change({ attachment: null });
    } else change({ attachment: read });
  };
  return (
    <Stack gap="sm">
      <Radio.Group
        label={t('evidence.how')}
        value={value.kind}
        onChange={(kind) => change({ kind: kind, attachment: null })}
        error={isMissing ? t('evidence.missing') : undefined}
      >
        <Stack gap="xs" mt={6}>
          {KINDS.map((kind) => (
            <Radio key={kind} value={kind} label={t(`evidence.kind.${kind}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {value.kind === 'verbal' && (
        <TextInput
          label={t('evidence.witness')}
          description={t('evidence.witnessHint')}
          value={value.witness}
          onChange={({ currentTarget }) => change({ witness: currentTarget.value })}
          maxLength={200}
          maw="24rem"
          required
        />
      )}
      {value.kind === 'electronic' && (
        <Signature
          onChange={(data) => change({ attachment: data === null ? null : { contentType: 'image/png', data } })}
        />
      )}
      {value.kind === 'photo' && (
        <FileInput
          label={t('evidence.photo')}
          description={t('evidence.photoHint')}
          accept="image/*,application/pdf"
          onChange={(file) => void takeFile(file)}
          error={refused === null ? undefined : t(`evidence.refused.${refused}`)}
          clearable
          clearButtonProps={{ 'aria-label': t('evidence.removePhoto') }}
          placeholder={t('evidence.choose')}
          maw="24rem"
          required
        />
      )}
      {(value.kind === 'photo' || value.kind === 'written') && (
        <TextInput
          label={t('evidence.form')}
          description={t('evidence.formHint')}
          value={value.form}
          onChange={({ currentTarget }) => change({ form: currentTarget.value })}
          maxLength={100}
          maw="24rem"
          required
        />
      )}
      {value.kind !== '' && (
        <Checkbox
          label={t('evidence.copy')}
          checked={value.copyGiven}
          onChange={({ currentTarget }) => change({ copyGiven: currentTarget.checked })}
        />
      )}
      {value.kind === '' && (
        <Text size="sm" c="dimmed">
          {t('evidence.why')}
        </Text>
      )}
    </Stack>
  );
}
