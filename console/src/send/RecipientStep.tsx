import { Badge, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { serverNowMs } from '../api/server-time.js';
import { EmptyState } from '../kit/EmptyState.js';
import { formatDate } from '../kit/format.js';
import { purposeName } from '../kit/label-name.js';
import { currentLang } from '../texts/i18n.js';
import type { RecipientOption } from './options-of.js';
import type { Draft } from './use-draft.js';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 14;

const keyOf = ({ organization, purpose }: RecipientOption): string => `${organization.id} ${purpose}`;

/** Who may receive it, with what one should know of them: function, secrecy, agreement. Nothing is preselected. */
export function RecipientStep({
  options,
  draft,
  onChange,
}: {
  readonly options: readonly RecipientOption[];
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}): ReactElement {
  const { t } = useTranslation();
  if (options.length === 0) return <EmptyState title={t('send.nobody')} what={t('send.nobodyWhat')} />;
  const value = draft.recipientId === null ? '' : `${draft.recipientId} ${draft.purpose ?? ''}`;
  const today = new Date(serverNowMs()).toISOString().slice(0, 10);
  const choose = (key: string): void => {
    const [recipientId = null, purpose = null] = key.split(' ');
    const usual = new Date(serverNowMs() + USUAL_DAYS * DAY_MS).toISOString().slice(0, 10);
    onChange({
      recipientId,
      purpose,
      withhold: [],
      ground: { kind: 'consent' },
      answerBy: draft.answerBy === '' ? usual : draft.answerBy,
    });
  };
  return (
    <Stack gap="md">
      <Radio.Group value={value} onChange={choose} aria-label={t('send.step.recipient')}>
        <div className="choices">
          {options.map((option) => (
            <Radio.Card
              key={keyOf(option)}
              value={keyOf(option)}
              disabled={option.status !== 'active'}
              p="md"
              radius="md"
              className="choice"
            >
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator disabled={option.status !== 'active'} />
                <Stack gap={4}>
                  <Text fw={650} lh={1.2}>
                    {option.organization.name}
                  </Text>
                  <Text size="sm">{purposeName(option.purpose)}</Text>
                  <Text size="sm" c="dimmed">
                    {option.organization.function}
                    {option.recipientFunctions.length > 0 &&
                      ` · ${t('send.readBy', { who: option.recipientFunctions.map((one) => one[currentLang()]).join(', ') })}`}
                  </Text>
                  <Group gap={6}>
                    <Badge variant="light" color={isBound(option) ? 'relais' : 'orange'} tt="none">
                      {t(`send.secrecy.${option.organization.secrecy}` as 'send.secrecy.none', {
                        defaultValue: option.organization.secrecy,
                      })}
                    </Badge>
                    <Badge variant="light" color={option.status === 'active' ? 'gray' : 'red'} tt="none">
                      {t(`send.agreement.${option.status as 'active' | 'suspended' | 'expired'}`)}
                      {option.validUntil !== null && ` ${t('send.until', { date: formatDate(option.validUntil) })}`}
                    </Badge>
                  </Group>
                </Stack>
              </Group>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {draft.recipientId !== null && (
        <TextInput
          type="date"
          label={t('send.answerBy')}
          description={t('send.answerByHint')}
          value={draft.answerBy}
          min={today}
          onChange={({ currentTarget }) => onChange({ answerBy: currentTarget.value })}
          maw="16rem"
        />
      )}
    </Stack>
  );
}

const isBound = ({ organization }: RecipientOption): boolean => organization.secrecy === 'professional-secrecy';
