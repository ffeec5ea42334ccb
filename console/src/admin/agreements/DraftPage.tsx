import { Alert, Anchor, Button, Checkbox, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CATEGORIES } from '../../../../src/domain/labels/labels.js';
import { Link, useNavigate, useParams } from '../../router.js';
import { agreement as agreementQuery } from '../../api/admin-queries.js';
import { call } from '../../api/call.js';
import { isProblem } from '../../api/problem.js';
import type { Agreement } from '../../api/views.js';
import { Failure } from '../../kit/Failure.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Problems } from '../parts/Problems.js';
import { useWords } from '../use-words.js';
import { Differences } from './Differences.js';
import { DAYS, formOf, textOf, wrongFields, type DraftField, type DraftForm } from './draft-form.js';
import { standingOf } from './steps-for.js';

/** The next version, written as a form over what is negotiated, or else what is in force. */
export function DraftPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { agreementId = '' } = useParams();
  const found = useQuery(agreementQuery(agreementId));
  return (
    <Stack gap="lg" maw="52rem">
      <Anchor component={Link} to={paths.agreement(agreementId)}>
        {t('draft.back')}
      </Anchor>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Form agreement={found.data} key={found.data.id} />}
    </Stack>
  );
}

function Form({ agreement }: { readonly agreement: Agreement }): ReactElement {
  const { t } = useTranslation('admin');
  const words = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const { inForce, negotiated } = standingOf(agreement);
  const base = (negotiated ?? inForce)!;
  const newest = Math.max(inForce?.version ?? 0, negotiated?.version ?? 0);
  const [opened] = useState({ newest, form: formOf(base) });
  const [typed, setTyped] = useState<DraftForm>(opened.form);
  const [wrong, setWrong] = useState<readonly DraftField[]>([]);
  const save = useMutation({
    mutationFn: (body: object) => call<Agreement>('PUT', `/api/v1/agreements/${agreement.id}`, { body }),
    onSuccess: async () => {
      await Promise.all(['agreement', 'agreements'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      navigate(paths.agreement(agreement.id));
    },
    onError: (error) => {
      if (isProblem(error, 'agreement.version')) void client.invalidateQueries({ queryKey: ['agreement'] });
    },
  });
  const set = (change: Partial<DraftForm>): void => setTyped((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = wrongFields(typed);
    setWrong(found);
    if (found.length === 0) return save.mutate(textOf(base, typed, newest + 1));
    // Once the marks are there: the first of them takes the focus.
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong]')?.focus(),
    );
  };
  const isWrong = (field: DraftField, text: string): string | undefined => (wrong.includes(field) ? text : undefined);
  const days = (field: keyof typeof DAYS): string => {
    const [least, most] = DAYS[field];
    return t('draft.wrong.days', { least, most });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" ref={form}>
      <Stack gap="lg">
        <PageTitle windowTitle={t('agreements.title')}>{t('draft.title', { version: newest + 1 })}</PageTitle>
        <Text c="dimmed">{t('draft.lead')}</Text>
        <Fieldset legend={t('draft.texts')}>
          <Stack>
            <TextInput
              label={t('draft.titleFr')}
              lang="fr"
              required
              value={typed.titleFr}
              onChange={({ currentTarget: { value } }) => set({ titleFr: value })}
              error={isWrong('titleFr', t('draft.wrong.title'))}
            />
            <TextInput
              label={t('draft.titleEn')}
              lang="en"
              required
              value={typed.titleEn}
              onChange={({ currentTarget: { value } }) => set({ titleEn: value })}
              error={isWrong('titleEn', t('draft.wrong.title'))}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend={t('draft.validity')}>
          <Group align="flex-start">
            <TextInput
              type="date"
              label={t('draft.validFrom')}
              required
              value={typed.validFrom}
              onChange={({ currentTarget: { value } }) => set({ validFrom: value })}
              error={isWrong('validFrom', t('draft.wrong.validFrom'))}
            />
            <TextInput
              type="date"
              label={t('draft.validUntil')}
              description={t('draft.validUntilWhat')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={typed.validUntil}
              onChange={({ currentTarget: { value } }) => set({ validUntil: value })}
              error={isWrong('validUntil', t('draft.wrong.validUntil'))}
            />
          </Group>
        </Fieldset>
        <Fieldset legend={t('draft.categories')}>
          <Stack gap="lg">
            {base.purposes.map((purpose, index) => (
              <Checkbox.Group
                key={`${purpose.purpose} ${index}`}
                label={t('draft.categoriesOf', { purpose: words.purpose(purpose.purpose) })}
                description={t('draft.categoriesWho', {
                  senders: words.list(purpose.senders.map(words.nameOf)),
                  recipients: words.list(purpose.recipients.map(words.nameOf)),
                })}
                value={[...(typed.categories[index] ?? [])]}
                onChange={(chosen) =>
                  set({
                    categories: typed.categories.map((before, at) =>
                      at === index ? CATEGORIES.filter((category) => chosen.includes(category)) : before,
                    ),
                  })
                }
                error={isWrong(`categories.${index}`, t('draft.wrong.categories'))}
              >
                <Group mt="xs" gap="sm">
                  {CATEGORIES.map((category) => (
                    <Checkbox key={category} value={category} label={t(`label.${category}`)} />
                  ))}
                </Group>
              </Checkbox.Group>
            ))}
          </Stack>
        </Fieldset>
        <Fieldset legend={t('draft.times')}>
          <Stack>
            <TextInput
              label={t('draft.purge')}
              description={t('draft.purgeWhat')}
              inputMode="numeric"
              required
              maw="20rem"
              value={typed.purgeAfterDays}
              onChange={({ currentTarget: { value } }) => set({ purgeAfterDays: value.trim() })}
              error={isWrong('purgeAfterDays', days('purgeAfterDays'))}
            />
            <Group align="flex-end">
              <TextInput
                label={t('draft.retention')}
                inputMode="numeric"
                value={typed.retentionDays}
                onChange={({ currentTarget: { value } }) => set({ retentionDays: value.trim() })}
                error={isWrong('retentionDays', days('retentionDays'))}
              />
              <NativeSelect
                label={t('draft.then')}
                value={typed.retentionThen}
                onChange={({ currentTarget: { value } }) => set({ retentionThen: value as 'return' | 'delete' })}
                data={[
                  { value: 'delete', label: t('sentence.retentionDelete') },
                  { value: 'return', label: t('sentence.retentionReturn') },
                ]}
              />
            </Group>
            <Checkbox
              label={t('draft.certificate')}
              checked={typed.retentionCertificate}
              onChange={({ currentTarget: { checked } }) => set({ retentionCertificate: checked })}
            />
            <TextInput
              label={t('draft.answers')}
              description={t('draft.answersWhat')}
              inputMode="numeric"
              maw="24rem"
              value={typed.answerWithinDays}
              onChange={({ currentTarget: { value } }) => set({ answerWithinDays: value.trim() })}
              error={isWrong('answerWithinDays', days('answerWithinDays'))}
            />
            <TextInput
              type="date"
              label={t('draft.review')}
              maw="20rem"
              value={typed.reviewOn}
              onChange={({ currentTarget: { value } }) => set({ reviewOn: value })}
            />
          </Stack>
        </Fieldset>
        <Text size="sm" c="dimmed">
          {t('draft.rest')}
        </Text>
        <div aria-live="polite">{wrong.length > 0 && <Text>{t('draft.fix')}</Text>}</div>
        {isProblem(save.error, 'agreement.version') ? (
          <Alert color="yellow" variant="light" role="alert" title={t('draft.staleTitle')}>
            <Stack gap="sm">
              <Text>{t('draft.stale', { version: newest, next: newest + 1 })}</Text>
              {newest > opened.newest && (
                <details>
                  <summary>{t('draft.staleLook')}</summary>
                  <Differences id={agreement.id} from={opened.newest} to={newest} />
                </details>
              )}
            </Stack>
          </Alert>
        ) : (
          <Problems error={save.error} />
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('draft.save')}
          </Button>
          <Anchor component={Link} to={paths.agreement(agreement.id)}>
            {t('draft.back')}
          </Anchor>
        </Group>
      </Stack>
    </form>
  );
}
