import { Alert, Button, Checkbox, Group, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { INTERVENTION_KINDS } from '../../../src/domain/case/codes-work.js';
import { SENSITIVITIES } from '../../../src/domain/labels/labels.js';
import { call } from '../api/call.js';
import { isProblem } from '../api/problem.js';
import type { CaseDocument, StoredCase } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { labelName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import type { Words } from '../record/words.js';
import { useNavigate } from '../router.js';
import { ActionFields } from './ActionFields.js';
import { entryOf, missingIn, type Missing, type TypedEntry } from './entry.js';

/** Marks that a text needs of its writer; the others belong to fields of their own. */
const ASKED = SENSITIVITIES.filter(
  (label) =>
    !['free-text', 'attachment', 'bank-details', 'government-identifier', 'health-identifier', 'staff-alert'].includes(
      label,
    ),
);

export function EntryForm({
  file,
  words,
  first,
  before,
  keep,
  readAgain,
}: {
  readonly file: StoredCase;
  readonly words: Words;
  readonly first: TypedEntry;
  /** What is corrected. */
  readonly before: CaseDocument | undefined;
  readonly keep: (draft: TypedEntry | null) => void;
  /** @returns the newest version of the file */
  readonly readAgain: () => Promise<number>;
}): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState(first);
  const [missing, setMissing] = useState<readonly Missing[]>([]);
  const isNote = typed.list === 'workingNotes';
  const change = (part: Partial<TypedEntry>): void => {
    const next = { ...typed, ...part };
    setTyped(next);
    keep(next);
  };
  const write = useMutation({
    mutationFn: async (again: boolean) => {
      const version = again ? await readAgain() : file.version;
      const place = isNote ? 'working-notes' : 'interventions';
      return call('PUT', `/api/v1/cases/${encodeURIComponent(file.caseId)}/${place}/${typed.entryId}`, {
        body: entryOf(typed, before),
        headers: { 'if-match': `W/"${version}"` },
      });
    },
    onSuccess: async () => {
      keep(null);
      await client.invalidateQueries({ queryKey: ['case', file.caseId] });
      // Back must not lead to a form that has been written.
      navigate(`${paths.case(file.caseId)}#${isNote ? 'safety' : 'timeline'}`, { replace: true });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = missingIn(typed);
    setMissing(found);
    if (found.length === 0) write.mutate(false);
  };
  const stillMissing = missingIn(typed);
  const lacks = (part: Missing): string | undefined =>
    missing.includes(part) && stillMissing.includes(part) ? t(`write.missing.${part}`) : undefined;
  const conflict = isProblem(write.error, 'case.version-conflict');
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg" maw="48rem">
        {before === undefined && (
          <Radio.Group
            label={t('write.what')}
            value={typed.list}
            onChange={(list) => change({ list: list === 'workingNotes' ? 'workingNotes' : 'interventions' })}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="interventions" label={t('write.intervention')} description={t('write.interventionWhat')} />
              <Radio value="workingNotes" label={t('write.note')} description={t('write.noteWhat')} />
            </Stack>
          </Radio.Group>
        )}
        <Group align="flex-start" gap="md">
          <TextInput
            type="date"
            label={t('write.date')}
            value={typed.date}
            onChange={({ currentTarget: { value } }) => change({ date: value })}
            error={lacks('date')}
            required
          />
          {!isNote && (
            <NativeSelect
              label={t('write.kind')}
              value={typed.kind}
              onChange={({ currentTarget: { value } }) => change({ kind: value })}
              error={lacks('kind')}
              data={[
                { value: '', label: t('write.choose') },
                ...INTERVENTION_KINDS.map((code) => ({
                  value: code,
                  label: words.code('interventions', 'kind', code),
                })),
              ]}
              required
            />
          )}
        </Group>
        <Textarea
          label={t(isNote ? 'write.text' : 'write.summary')}
          description={t(isNote ? 'write.textHint' : 'write.summaryHint')}
          value={typed.summary}
          onChange={({ currentTarget: { value } }) => change({ summary: value })}
          error={lacks('summary')}
          autosize
          minRows={5}
          maxLength={5000}
          dir="auto"
          required={isNote}
        />
        {!isNote && (
          <>
            <Radio.Group
              label={t('write.source')}
              value={typed.source}
              onChange={(source) => change({ source: source === 'observed' ? 'observed' : 'declared' })}
            >
              <Group gap="md" mt={6}>
                <Radio value="declared" label={t('write.declared')} />
                <Radio value="observed" label={t('write.observed')} />
              </Group>
            </Radio.Group>
            <ActionFields actions={typed.actions} onChange={(actions) => change({ actions })} words={words} />
            <Checkbox
              checked={typed.doNotShare}
              onChange={({ currentTarget: { checked } }) => change({ doNotShare: checked })}
              label={t('write.doNotShare')}
              description={t('write.doNotShareWhat')}
            />
            <Checkbox.Group
              label={t('write.labels')}
              description={t('write.labelsWhat')}
              value={[...typed.sensitivities]}
              onChange={(sensitivities) => change({ sensitivities })}
            >
              <Group gap="md" mt={6}>
                {ASKED.map((label) => (
                  <Checkbox key={label} value={label} label={labelName(label)} />
                ))}
              </Group>
            </Checkbox.Group>
          </>
        )}
        {write.isError && conflict && (
          <Alert color="orange" variant="light" role="alert" title={t('write.changed')}>
            <Stack gap="xs" align="flex-start">
              <Text>{write.error.message}</Text>
              <Button loading={write.isPending} onClick={() => write.mutate(true)}>
                {t('write.again')}
              </Button>
            </Stack>
          </Alert>
        )}
        {write.isError && !conflict && <Failure error={write.error} />}
        <Group>
          <Button type="submit" size="md" loading={write.isPending}>
            {t(before === undefined ? 'write.save' : 'write.saveCorrection')}
          </Button>
          <LinkButton to={paths.case(file.caseId)} variant="default" size="md">
            {t(before === undefined ? 'write.later' : 'decline.cancel')}
          </LinkButton>
        </Group>
        <Text size="sm" c="dimmed">
          {t(before === undefined ? 'write.kept' : 'write.keptEarlier')}
        </Text>
      </Stack>
    </form>
  );
}
