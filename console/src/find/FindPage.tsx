import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IDENTIFIER_TYPES } from '../../../src/domain/case/codes-people.js';
import { call } from '../api/call.js';
import type { Candidate } from '../api/views.js';
import { EmptyState } from '../kit/EmptyState.js';
import { Failure } from '../kit/Failure.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { useWords } from '../record/words.js';
import { Candidates } from './Candidates.js';
import { readBirthDate } from './read-birth-date.js';

/** A number is found by its kind, whatever register it stands in and however it is spaced. */
interface Asked {
  readonly given: string;
  readonly family: string;
  readonly birth: string;
  readonly number: string;
  readonly kind: string;
}
const KINDS = IDENTIFIER_TYPES.filter((type) => type !== 'other');
const NOTHING: Asked = { given: '', family: '', birth: '', number: '', kind: 'agency' };

/** Finds a person by a name that sounds alike, with or without the birth date, or by a number. What is typed is sent in the body, never in an address. */
export function FindPage(): ReactElement {
  const { t } = useTranslation();
  const words = useWords();
  const [asked, setAsked] = useState<Asked>(NOTHING);
  const [wrongDate, setWrongDate] = useState(false);
  const [noName, setNoName] = useState(false);
  const search = useMutation({
    mutationFn: async ({ given, family, birth, number, kind }: Asked) => {
      const birthDate = readBirthDate(birth);
      const name = {
        ...(family.trim() !== '' && { family: family.trim() }),
        given: given.trim() === '' ? [] : [given.trim()],
      };
      const hasName = name.given.length > 0 || name.family !== undefined;
      const body = {
        names: hasName ? [name] : [],
        identifiers: number.trim() === '' ? [] : [{ system: `urn:relais:${kind}`, value: number.trim() }],
        ...(birthDate !== null && birthDate !== '' && { birthDate }),
      };
      return (await call<{ candidates: Candidate[] }>('POST', '/api/v1/persons/search', { body })).candidates;
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const dateIsWrong = readBirthDate(asked.birth) === null;
    const nameIsMissing = [asked.given, asked.family, asked.number].every((typed) => typed.trim() === '');
    setWrongDate(dateIsWrong);
    setNoName(nameIsMissing);
    if (!dateIsWrong && !nameIsMissing) search.mutate(asked);
  };
  return (
    <Stack gap="lg">
      <PageTitle windowTitle={t('find.title')}>{t('find.title')}</PageTitle>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Group align="flex-start" gap="md">
          <TextInput
            label={t('find.given')}
            value={asked.given}
            onChange={({ currentTarget: { value } }) => setAsked((before) => ({ ...before, given: value }))}
            autoFocus
            dir="auto"
            error={noName ? t('find.nameNeeded') : undefined}
          />
          <TextInput
            label={t('find.family')}
            value={asked.family}
            onChange={({ currentTarget: { value } }) => setAsked((before) => ({ ...before, family: value }))}
            dir="auto"
          />
          <TextInput
            label={t('find.birth')}
            description={t('find.birthHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={asked.birth}
            onChange={({ currentTarget: { value } }) => setAsked((before) => ({ ...before, birth: value }))}
            inputMode="numeric"
            error={wrongDate ? t('find.birthWrong') : undefined}
          />
        </Group>
        <Group align="flex-start" gap="md" mt="md">
          <NativeSelect
            label={t('find.kind')}
            value={asked.kind}
            onChange={({ currentTarget: { value } }) => setAsked((before) => ({ ...before, kind: value }))}
            data={KINDS.map((kind) => ({
              value: kind,
              label: words === null ? '…' : words.code('identifiers', 'type', kind),
            }))}
          />
          <TextInput
            label={t('find.number')}
            description={t('find.numberHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={asked.number}
            onChange={({ currentTarget: { value } }) => setAsked((before) => ({ ...before, number: value }))}
            maxLength={100}
          />
          <Button type="submit" loading={search.isPending} mt={{ base: 0, xs: 25 }}>
            {t('find.search')}
          </Button>
        </Group>
      </form>
      <div aria-live="polite">
        {search.isPending && <Loading lines={3} />}
        {search.isError && <Failure error={search.error} onRetry={() => search.mutate(asked)} />}
        {search.data?.length === 0 && <EmptyState title={t('find.nobody')} what={t('find.nobodyWhat')} />}
        {search.data !== undefined && search.data.length > 0 && <Candidates found={search.data} />}
      </div>
      {search.isIdle && (
        <Alert variant="light" color="gray" title={t('find.howTitle')}>
          <Text size="sm">{t('find.how')}</Text>
        </Alert>
      )}
    </Stack>
  );
}
