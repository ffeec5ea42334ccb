import { Badge, Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../kit/format.js';
import { VirtualRows } from '../../kit/VirtualRows.js';
import type { AdminKey } from '../say.js';
import { useWords } from '../use-words.js';
import type { AuditLine, Who } from './audit-line.js';

const COLORS = { success: 'gray', refused: 'red', failure: 'orange' } as const;

/** Entries of the log as lines to read; what they are about can be followed. */
export function Entries({
  lines,
  onFollow,
}: {
  readonly lines: readonly AuditLine[];
  readonly onFollow: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  return (
    <VirtualRows items={lines} rowPx={132} label={t('log.entries')} keyOf={({ id }) => id}>
      {(line) => (
        <div className="row">
          <Entry line={line} onFollow={onFollow} />
        </div>
      )}
    </VirtualRows>
  );
}

function Entry({
  line,
  onFollow,
}: {
  readonly line: AuditLine;
  readonly onFollow: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf, purpose } = useWords();
  const { disclosure, transferId, consentId, personId, codes, outcome } = line;
  return (
    <>
      <div className="row-main">
        <Text fw={650}>{useActionWords(line)}</Text>
        {disclosure !== null && (
          <Text size="sm">
            {t('log.fromTo', {
              from: nameOf(disclosure.from),
              to: nameOf(disclosure.to),
              purpose: purpose(disclosure.purpose as 'HOUSING'),
            })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t('log.by', { who: useWho(line.who) })}
        </Text>
        <Group gap="xs">
          {transferId !== null && <Follow label={t('log.onTransfer')} onClick={() => onFollow(transferId)} />}
          {consentId !== null && <Follow label={t('log.onConsent')} onClick={() => onFollow(consentId)} />}
          {personId !== null && <Follow label={t('log.onPerson')} onClick={() => onFollow(personId)} />}
        </Group>
        <details className="small">
          <summary>{t('log.codes')}</summary>
          <dl className="facts">
            <dt>id</dt>
            <dd>{line.id}</dd>
            {codes.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
      <div className="row-next">
        <Text size="sm" component="time" dateTime={line.at}>
          {formatMoment(line.at)}
        </Text>
        <Badge color={COLORS[outcome]} variant="outline" className="plain-badge">
          {t(`log.outcome.${outcome}`)}
        </Badge>
      </div>
    </>
  );
}

function Follow({ label, onClick }: { readonly label: string; readonly onClick: () => void }): ReactElement {
  return (
    <Button variant="default" size="compact-sm" onClick={onClick}>
      {label}
    </Button>
  );
}

function useActionWords({ action, outcome }: AuditLine): string {
  const { t } = useTranslation('admin');
  const { say } = useWords();
  return action === null ? t(`log.decision.${outcome}`) : say(`log.action.${action}` as AdminKey);
}

function useWho(who: Who): string {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  switch (who.kind) {
    case 'staff':
    case 'software':
      // Enough to tell one from another; never a name.
      return t(`log.${who.kind}`, { id: who.id.slice(0, 8) });
    case 'organization':
      return nameOf(who.id);
    case 'relais':
      return t('log.relais');
    case 'unknown':
      return t('log.unknownWho');
  }
}
