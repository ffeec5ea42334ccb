import { Anchor, Button, Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/call.js';
import { isProblem } from '../../api/problem.js';
import { organizations } from '../../api/queries.js';
import type { Agreement } from '../../api/views.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Link, useNavigate } from '../../router.js';
import { useCaller } from '../../shell/caller.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import { ClauseFields, TimeFields } from './ClauseFields.js';
import { bodyOf, BOUNDS, faultsOf, newAgreement, newPurpose, type TypedAgreement } from './new-agreement.js';
import { PurposeFields } from './PurposeFields.js';

/** What this form can get wrong that only the whole text shows. */
const WIDER = 'agreement.emergency-wider';

/** An agreement from nothing: saved as a draft, then tried and proposed as every other. */
export function NewAgreementPage(): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const navigate = useNavigate();
  const own = useCaller().organizationId;
  const form = useRef<HTMLFormElement>(null);
  // One id for this page: saved twice, it is one agreement.
  const [id] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState<TypedAgreement>(() => newAgreement(own, new Date().toISOString().slice(0, 10)));
  const [tried, setTried] = useState(false);
  const { data: known = [] } = useQuery(organizations);
  const toDraft = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['agreements'] });
    navigate(paths.agreement(id), { replace: true });
  };
  const save = useMutation({
    mutationFn: (body: object) => call<Agreement>('PUT', `/api/v1/agreements/${id}`, { body }),
    onSuccess: toDraft,
    // The answer was lost and the draft was not: the id is this page's alone.
    onError: (error) => (isProblem(error, 'agreement.version') ? toDraft() : toFirstWrong()),
  });
  const violations = violationsOf(save.error);
  // Said in full beside its field; anything else is listed as well.
  const isPlaced = violations.length > 0 && violations.every(({ rule }) => rule === WIDER);
  const faults = tried ? faultsOf(typed) : new Map<string, never>();
  const errorAt = (place: string): string | undefined => {
    const fault = faults.get(place);
    if (fault === 'needed') return t('newPartner.needed');
    if (fault === 'order') return t('draft.wrong.validUntil');
    if (fault === 'number') {
      const [least, most] = BOUNDS[place.slice(1) as keyof typeof BOUNDS];
      return t('newAgreement.number', { least, most });
    }
    // What the gateway names stands beside the field that it concerns.
    const found = violations.find(({ path }) => path === place || path.startsWith(`${place}/`));
    return found?.rule === WIDER ? t('newAgreement.emergencyWider') : found?.message;
  };
  const set = (change: Partial<TypedAgreement>): void => setTyped((before) => ({ ...before, ...change }));
  const toFirstWrong = (): void =>
    void requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (faultsOf(typed).size === 0) save.mutate(bodyOf(typed, own));
    else toFirstWrong();
  };
  const parties = [own, ...typed.others];
  const withoutParty = (others: readonly string[]): void =>
    set({
      others,
      purposes: typed.purposes.map((one) => ({
        ...one,
        senders: one.senders.filter((party) => party === own || others.includes(party)),
        recipients: one.recipients.filter((party) => party === own || others.includes(party)),
      })),
    });
  return (
    <form onSubmit={submit} noValidate autoComplete="off" ref={form}>
      <Stack gap="lg" maw="52rem">
        <Anchor component={Link} to={paths.agreements}>
          {t('newAgreement.back')}
        </Anchor>
        <PageTitle windowTitle={t('agreements.title')}>{t('newAgreement.title')}</PageTitle>
        <Text c="dimmed">{t('newAgreement.lead')}</Text>
        <Fieldset legend={t('newAgreement.who')}>
          <Stack>
            {(['Fr', 'En'] as const).map((lang) => (
              <TextInput
                key={lang}
                lang={lang.toLowerCase()}
                label={t(`draft.title${lang}`)}
                required
                value={typed[`title${lang}`]}
                onChange={({ currentTarget: { value } }) => set({ [`title${lang}`]: value })}
                error={errorAt(`/title/${lang.toLowerCase()}`)}
              />
            ))}
            <Checkbox.Group
              label={t('newAgreement.parties')}
              description={t('newAgreement.partiesWhat')}
              required
              value={[...typed.others]}
              onChange={withoutParty}
              error={errorAt('/parties')}
            >
              <Stack gap="xs" mt="xs">
                {known
                  .filter((one) => one.id !== own)
                  .map((one) => (
                    <Checkbox key={one.id} value={one.id} label={one.name} />
                  ))}
              </Stack>
            </Checkbox.Group>
          </Stack>
        </Fieldset>
        {typed.purposes.map((purpose, index) => (
          <PurposeFields
            key={index}
            typed={purpose}
            index={index}
            parties={parties}
            errorAt={(place) => errorAt(`/purposes/${index}${place}`)}
            onChange={(change) =>
              set({ purposes: typed.purposes.map((one, at) => (at === index ? { ...one, ...change } : one)) })
            }
            onRemove={
              typed.purposes.length === 1
                ? null
                : () => set({ purposes: typed.purposes.filter((_one, at) => at !== index) })
            }
          />
        ))}
        <Group>
          <Button variant="default" onClick={() => set({ purposes: [...typed.purposes, newPurpose(own)] })}>
            {t('newAgreement.addPurpose')}
          </Button>
        </Group>
        <TimeFields typed={typed} onChange={set} errorAt={errorAt} />
        <ClauseFields typed={typed} onChange={set} errorAt={errorAt} />
        <div aria-live="polite">{(faults.size > 0 || isPlaced) && <Text>{t('draft.fix')}</Text>}</div>
        <Problems error={isPlaced || isProblem(save.error, 'agreement.version') ? null : save.error} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('draft.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
