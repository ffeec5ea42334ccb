import { Button, Card, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ACTION_STATUSES, RESPONSIBLES } from '../../../src/domain/case/codes-work.js';
import type { Words } from '../record/words.js';
import type { TypedAction } from './entry.js';

const MOST = 10;

/** What was agreed: what, who, by when. */
export function ActionFields({
  actions,
  onChange,
  words,
}: {
  readonly actions: readonly TypedAction[];
  readonly onChange: (actions: readonly TypedAction[]) => void;
  readonly words: Words;
}): ReactElement {
  const { t } = useTranslation();
  const added = useRef<HTMLInputElement>(null);
  const isNew = useRef(false);
  useEffect(() => {
    if (isNew.current) added.current?.focus();
    isNew.current = false;
  }, [actions.length]);
  const change = (at: number, part: Partial<TypedAction>): void =>
    onChange(actions.map((action, index) => (index === at ? { ...action, ...part } : action)));
  const coded = (field: string, codes: readonly string[]): { value: string; label: string }[] =>
    codes.map((code) => ({ value: code, label: words.code('actions', field, code) }));
  return (
    <Stack gap="sm" component="fieldset" className="plain-fieldset">
      <legend className="minor">{t('write.actions')}</legend>
      {actions.map(({ id, description, status, responsible, dueDate }, index) => (
        <Card key={id} withBorder padding="md">
          <Stack gap="sm">
            <TextInput
              ref={index === actions.length - 1 ? added : undefined}
              label={t('write.action', { number: index + 1 })}
              value={description}
              onChange={({ currentTarget: { value } }) => change(index, { description: value })}
              maxLength={200}
              dir="auto"
            />
            <Group align="flex-end" gap="md">
              <NativeSelect
                label={words.field('actions', 'responsible')}
                value={responsible}
                onChange={({ currentTarget: { value } }) => change(index, { responsible: value })}
                data={[{ value: '', label: t('write.notSaid') }, ...coded('responsible', RESPONSIBLES)]}
              />
              <TextInput
                type="date"
                label={words.field('actions', 'dueDate')}
                value={dueDate}
                onChange={({ currentTarget: { value } }) => change(index, { dueDate: value })}
              />
              <NativeSelect
                label={words.field('actions', 'status')}
                value={status}
                onChange={({ currentTarget: { value } }) => change(index, { status: value })}
                data={coded('status', ACTION_STATUSES)}
              />
              <Button
                variant="default"
                aria-label={t('write.removeAction', { number: index + 1 })}
                onClick={() => onChange(actions.filter((_, other) => other !== index))}
              >
                {t('write.remove')}
              </Button>
            </Group>
          </Stack>
        </Card>
      ))}
      <Button
        variant="default"
        w="fit-content"
        disabled={actions.length >= MOST}
        onClick={() => {
          isNew.current = true;
          const id = `a-${crypto.randomUUID().slice(0, 8)}`;
          onChange([...actions, { id, description: '', status: 'planned', responsible: '', dueDate: '' }]);
        }}
      >
        {t('write.addAction')}
      </Button>
    </Stack>
  );
}
