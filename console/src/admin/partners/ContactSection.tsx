import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { GuestContact } from '../../../../src/transfer/guest-ports.js';
import type { ContactFault } from '../../../../src/transfer/check-contact.js';
import type { Partner } from '../../api/partner-queries.js';
import { call } from '../../api/call.js';
import { Problems, violationsOf } from '../parts/Problems.js';
import {
  ContactFields,
  contactOf,
  faultsInContact,
  missingInContact,
  typedOf,
  type TypedContact,
} from './ContactFields.js';
import { focusFirstWrong, useErrors } from './use-errors.js';

/** Where a guest is told and on which other way it gets its codes, and the form that changes it. */
export function ContactSection({
  partner,
  contact,
  onChanged,
}: {
  readonly partner: Partner;
  readonly contact: GuestContact;
  readonly onChanged: (after: Partner, said: string) => Promise<void>;
}): ReactElement {
  const { t } = useTranslation('admin');
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<TypedContact | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [faults, setFaults] = useState<readonly ContactFault[]>([]);
  const save = useMutation({
    mutationFn: (body: GuestContact) => call<Partner>('PUT', `/api/v1/partners/${partner.id}/contact`, { body }),
    onSuccess: async (after) => {
      setTyped(null);
      await onChanged(after, t(after.contact?.email === contact.email ? 'contact.saved' : 'contact.savedAddress'));
    },
    onError: () => focusFirstWrong(form),
  });
  const errorAt = useErrors(save.error, missing, faults);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed === null) return;
    const lacks = missingInContact(typed);
    const found = faultsInContact(typed);
    setMissing(lacks);
    setFaults(found);
    if (lacks.length === 0 && found.length === 0) save.mutate(contactOf(typed));
    else focusFirstWrong(form);
  };
  const open = (): void => {
    save.reset();
    setMissing([]);
    setFaults([]);
    setTyped(typedOf(contact));
  };
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h3">
        {t('contact.title')}
      </Title>
      {typed === null ? (
        <Stack gap="sm" align="flex-start">
          <dl className="fields">
            <div className="field">
              <dt>{t('contact.email')}</dt>
              <dd className="break">{contact.email}</dd>
            </div>
            <div className="field">
              <dt>{t('contact.lang')}</dt>
              <dd>{t(`contact.langs.${contact.lang}`)}</dd>
            </div>
            <div className="field">
              <dt>{t('contact.code')}</dt>
              <dd className="break">
                {t('contact.told', { how: t(`contact.kind.${contact.channel.kind}`), where: contact.channel.hint })}
              </dd>
            </div>
          </dl>
          <Button variant="default" onClick={open}>
            {t('contact.change')}
          </Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate autoComplete="off" ref={form}>
          <Stack>
            <Text maw="46rem">{t('contact.changeWhat')}</Text>
            <ContactFields typed={typed} onChange={(change) => setTyped({ ...typed, ...change })} errorAt={errorAt} />
            {violationsOf(save.error).length === 0 && <Problems error={save.error} />}
            <Group>
              <Button variant="default" onClick={() => setTyped(null)} disabled={save.isPending}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {t('contact.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
