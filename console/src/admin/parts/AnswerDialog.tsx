import { Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './Dialog.js';

/** A human's answer: one of a few outcomes, none chosen beforehand, and words. */
export function AnswerDialog<T extends string>({
  title,
  what,
  about,
  outcomeLabel,
  outcomes,
  noteLabel,
  mostCharacters,
  submit,
  busy,
  error,
  children,
  onAnswer,
  onClose,
}: {
  readonly title: string;
  readonly what: string;
  /** What is answered, to be read while one writes. */
  readonly about: ReactNode;
  readonly outcomeLabel: string;
  readonly outcomes: readonly { readonly value: T; readonly label: string }[];
  readonly noteLabel: string;
  readonly mostCharacters: number;
  readonly submit: string;
  readonly busy: boolean;
  readonly error: ReactNode;
  readonly children?: ReactNode | ((outcome: T | null) => ReactNode);
  readonly onAnswer: (outcome: T, note: string) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const [outcome, setOutcome] = useState<T | null>(null);
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const noteMissing = note.trim() === '';
  const answer = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (outcome !== null && !noteMissing && !busy) onAnswer(outcome, note.trim());
  };
  return (
    <Dialog
      opened
      stays
      title={title}
      onClose={() => {
        if (!busy) onClose();
      }}
    >
      <form onSubmit={answer} noValidate>
        <Stack>
          {about}
          <Text>{what}</Text>
          <Radio.Group
            label={outcomeLabel}
            value={outcome}
            onChange={(value) => setOutcome(value)}
            error={tried && outcome === null ? t('oversight.choose') : undefined}
            required
          >
            <Stack gap="xs" mt="xs">
              {outcomes.map(({ value, label }) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={noteLabel}
            value={note}
            onChange={({ currentTarget: { value } }) => setNote(value)}
            autosize
            minRows={3}
            maxLength={mostCharacters}
            dir="auto"
            required
            error={tried && noteMissing ? t('oversight.noteNeeded') : undefined}
          />
          {typeof children === 'function' ? children(outcome) : children}
          {error}
          <Group>
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
