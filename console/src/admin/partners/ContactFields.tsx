import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { checkContact, type ContactFault } from '../../../../src/transfer/check-contact.js';
import { CODE_CHANNELS, type GuestContact } from '../../../../src/transfer/guest-ports.js';

/** As it is typed. Empty: not chosen. */
export interface TypedContact {
  readonly email: string;
  readonly lang: string;
  readonly kind: string;
  readonly hint: string;
}

export const NO_CONTACT: TypedContact = { email: '', lang: '', kind: '', hint: '' };
const LANGS = ['fr', 'en'] as const;
const PLACES = { email: '/email', lang: '/lang', kind: '/channel/kind', hint: '/channel/hint' } as const;

/** What is missing, as paths of what is sent. Pure. */
export function missingInContact(typed: TypedContact): readonly string[] {
  return (Object.keys(PLACES) as (keyof TypedContact)[])
    .filter((name) => typed[name].trim() === '')
    .map((name) => PLACES[name]);
}

/** What the gateway would refuse of what is there, by the gateway's own rules. Pure. */
export function faultsInContact(typed: TypedContact): readonly ContactFault[] {
  const missing = missingInContact(typed);
  return checkContact(contactOf(typed)).filter(({ path }) => !missing.includes(path));
}

export function contactOf({ email, lang, kind, hint }: TypedContact): GuestContact {
  return {
    email: email.trim(),
    lang: lang as GuestContact['lang'],
    channel: { kind: kind as GuestContact['channel']['kind'], hint: hint.trim() },
  };
}

export function typedOf({ email, lang, channel }: GuestContact): TypedContact {
  return { email, lang, ...channel };
}

/** How a guest is told: its address, the language of the notice, and the other way, by which the code comes. */
export function ContactFields({
  typed,
  onChange,
  errorAt,
}: {
  readonly typed: TypedContact;
  readonly onChange: (change: Partial<TypedContact>) => void;
  /** What is wrong with a member, by its path. */
  readonly errorAt: (path: string) => string | undefined;
}): ReactElement {
  const { t } = useTranslation('admin');
  const channel = CODE_CHANNELS.find((known) => known === typed.kind);
  return (
    <Stack>
      <TextInput
        // Not type=email: the browser would take line ends and blanks out before they are seen.
        inputMode="email"
        label={t('contact.email')}
        description={t('contact.emailWhat')}
        required
        spellCheck={false}
        autoCapitalize="none"
        value={typed.email}
        onChange={({ currentTarget: { value } }) => onChange({ email: value })}
        error={errorAt(PLACES.email)}
      />
      <NativeSelect
        label={t('contact.lang')}
        required
        value={typed.lang}
        onChange={({ currentTarget: { value } }) => onChange({ lang: value })}
        error={errorAt(PLACES.lang)}
        data={[
          { value: '', label: t('newPartner.choose') },
          ...LANGS.map((value) => ({ value, label: t(`contact.langs.${value}`) })),
        ]}
      />
      <Radio.Group
        label={t('contact.channel')}
        description={t('contact.channelWhat')}
        required
        value={typed.kind}
        onChange={(kind) => onChange({ kind })}
        data-wrong={errorAt(PLACES.kind) !== undefined || undefined}
        error={errorAt(PLACES.kind)}
      >
        <Stack gap="xs" mt="xs">
          {CODE_CHANNELS.map((kind) => (
            <Radio key={kind} value={kind} label={t(`contact.kind.${kind}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t(channel === undefined ? 'contact.where.any' : `contact.where.${channel}`)}
        description={t('contact.whereWhat')}
        required
        value={typed.hint}
        onChange={({ currentTarget: { value } }) => onChange({ hint: value })}
        error={errorAt(PLACES.hint)}
      />
    </Stack>
  );
}
