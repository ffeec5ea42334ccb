import { Badge, Card, Group, Stack, Text, Title, type TitleOrder } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDocument, CaseValue } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { labelName } from '../kit/label-name.js';
import { isDocument, isList, marksOf, type Marks } from './marks.js';
import { valueText } from './value-text.js';
import type { Words } from './words.js';

/** Keys that join parts of a record: they say nothing to a reader. */
const isKey = (name: string): boolean =>
  name === 'id' || name === 'about' || /Ids?$/.test(name) || name === 'personKey';
/** Shown with the amount that they belong to. */
const isUnit = (name: string): boolean => name === 'currency';

/**
 * One part of a record as a reader sees it: fields by name, entries as cards, and on each what is marked: not to be
 * shared, contested, sensitive. Only what is there is shown.
 */
export function RecordView({
  words,
  name,
  value,
  order = 3,
}: {
  readonly words: Words;
  /** Member of the case that it is. */
  readonly name: string;
  readonly value: CaseValue | undefined;
  readonly order?: 3 | 4 | 5;
}): ReactElement | null {
  if (isList(value)) {
    return (
      <Stack gap="sm">
        {value.map((entry, index) => (
          <Card key={index} withBorder padding="md">
            <Entry words={words} name={name} entry={entry} order={order} />
          </Card>
        ))}
      </Stack>
    );
  }
  if (isDocument(value)) return <Entry words={words} name={name} entry={value} order={order} />;
  return null;
}

function Entry({
  words,
  name,
  entry,
  order,
}: {
  readonly words: Words;
  readonly name: string;
  readonly entry: CaseDocument;
  readonly order: 3 | 4 | 5;
}): ReactElement {
  const { t } = useTranslation();
  const yesNo = { yes: t('record.yes'), no: t('record.no') };
  const fields = Object.entries(entry).filter(([member, value]) => !isKey(member) && !isUnit(member) && isPlain(value));
  const parts = Object.entries(entry).filter(([member, value]) => !isKey(member) && !isPlain(value));
  const deeper = order === 3 ? 4 : 5;
  return (
    <Stack gap="sm">
      <MarkBadges marks={marksOf(entry, '*')} />
      {fields.length > 0 && (
        <dl className="fields">
          {fields.map(([member, value]) => (
            <div key={member} className="field">
              <dt>{words.field(name, member)}</dt>
              <dd>
                <span dir="auto" className="said">
                  {valueText(words, yesNo, name, member, value, entry)}
                </span>
                <MarkBadges marks={marksOf(entry, member)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {parts.map(([member, value]) => (
        <Part key={member} title={words.field(name, member)} order={order}>
          <RecordView words={words} name={member} value={value} order={deeper} />
        </Part>
      ))}
    </Stack>
  );
}

function Part({
  title,
  order,
  children,
}: {
  readonly title: string;
  readonly order: TitleOrder;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Stack gap={6} component="section">
      <Title order={order} size="h6">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function isPlain(value: CaseValue): boolean {
  return !isDocument(value) && !isList(value);
}

export function MarkBadges({ marks }: { readonly marks: Marks }): ReactElement | null {
  const { t } = useTranslation();
  const { doNotShare, contested, sensitivities, source, date } = marks;
  if (!doNotShare && !contested && sensitivities.length === 0 && source === null) return null;
  return (
    <Group gap={6} component="span">
      {doNotShare && (
        <Badge color="red" variant="light">
          {t('record.doNotShare')}
        </Badge>
      )}
      {contested && (
        <Badge color="orange" variant="light">
          {t('record.contested')}
        </Badge>
      )}
      {sensitivities.map((label) => (
        <Badge key={label} color="grape" variant="light">
          {labelName(label)}
        </Badge>
      ))}
      {source !== null && (
        <Text component="span" size="xs" c="dimmed">
          {t(`record.source.${source}` as 'record.source.declared', {
            date: date === null ? '' : ` · ${formatDate(date)}`,
          })}
        </Text>
      )}
    </Group>
  );
}
